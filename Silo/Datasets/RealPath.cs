namespace ClusterGrains.Datasets;

/// <summary>Where a path leads once every link in it is followed.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Null when nothing is there, or when links lead in a circle.</summary>
    /// <exception cref="IOException">Something on the way cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Something on the way may not be read.</exception>
    public static string? Of(string path)
    {
        var full = Path.GetFullPath(path);
        var done = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>(Parts(full[done.Length..]));
        for (var links = 0; ahead.TryPop(out var part);)
        {
            var next = Path.Combine(done, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = part switch { "." => done, ".." => Path.GetDirectoryName(done) ?? done, _ => next };
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            done = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : done;
            foreach (var step in Parts(target))
            {
                ahead.Push(step);
            }
        }

        return Path.Exists(done) ? done : null;
    }

    /// <summary>Whether a real path is a real folder, or below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The last first, as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
