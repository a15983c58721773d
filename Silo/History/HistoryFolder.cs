namespace ClusterGrains.History;

/// <summary>How keys lie in a folder store.</summary>
internal static class HistoryFolder
{
    /// <summary>Holds files that are being written. Readers of the layout never look here.</summary>
    public const string Unfinished = "_tmp";

    /// <exception cref="ArgumentException">The key leads out of <paramref name="root"/>.</exception>
    public static string PathOf(string root, string key)
    {
        var path = Path.GetFullPath(Path.Combine(root, key));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The key '{key}' leaves the store.", nameof(key));
    }
}
