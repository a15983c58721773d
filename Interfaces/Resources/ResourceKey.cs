namespace ClusterGrains.Resources;

/// <summary>Where a custom resource lives. Its text, <c>namespace/name</c>, is the key of the resource's grain.</summary>
/// <remarks>Neither part can hold a slash: both are DNS labels in the API server.</remarks>
public readonly record struct ResourceKey(string Namespace, string Name)
{
    /// <exception cref="FormatException"><paramref name="text"/> is not <c>namespace/name</c>.</exception>
    public static ResourceKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1 && text.IndexOf('/', slash + 1) < 0
            ? new ResourceKey(text[..slash], text[(slash + 1)..])
            : throw new FormatException($"'{text}' is not a resource key; expected 'namespace/name'.");
    }

    public override string ToString() => $"{Namespace}/{Name}";
}
