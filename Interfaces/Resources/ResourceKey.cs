namespace ClusterGrains.Resources;

/// <summary>Where a custom resource lives. Its text, <c>namespace/name</c>, is the key of the resource's grain.</summary>
/// <remarks>Neither part can hold a slash: both are DNS labels in the API server.</remarks>
public readonly record struct ResourceKey(string Namespace, string Name)
{
    /// <exception cref="FormatException"><paramref name="text"/> is not <c>namespace/name</c>.</exception>
    public static ResourceKey Parse(string text) => TryParse(text, out var key)
        ? key
        : throw new FormatException($"'{text}' is not a resource key; expected 'namespace/name'.");

    /// <summary>False when <paramref name="text"/> is not <c>namespace/name</c>.</summary>
    public static bool TryParse(string text, out ResourceKey key)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var isKey = slash > 0 && slash < text.Length - 1 && text.IndexOf('/', slash + 1) < 0;
        key = isKey ? new ResourceKey(text[..slash], text[(slash + 1)..]) : default;
        return isKey;
    }

    public override string ToString() => $"{Namespace}/{Name}";
}
