namespace ClusterGrains.History;

/// <summary>Reads the folder that a <see cref="FileHistoryStore"/> writes. A page continues behind the last key.</summary>
/// <param name="root">Absolute.</param>
internal sealed class FileHistoryReader(string root, int pageSize = FileHistoryReader.PageSize) : IHistoryReader
{
    private const int PageSize = 10_000;

    public Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(root))
            {
                throw new DirectoryNotFoundException($"There is no folder {root}.");
            }

            var keys = new List<string>();
            foreach (var key in Walk("", prefix, continuation ?? ""))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (keys.Count == pageSize)
                {
                    return Task.FromResult(new HistoryPage([.. keys], keys[^1]));
                }

                keys.Add(key);
            }

            return Task.FromResult(new HistoryPage([.. keys], null));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"{root}: {prefix} was not listed", failure);
        }
    }

    public async Task<byte[]?> Read(string key, CancellationToken cancellationToken)
    {
        var path = HistoryFolder.PathOf(root, key);
        try
        {
            await using var file = File.OpenRead(path);
            return await BoundedBody.Read(file, path, cancellationToken);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException && Directory.Exists(root))
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"{path} was not read", failure);
        }
    }

    private static DependencyException Unreadable(string what, Exception failure) => new(
        Dependency.History, $"{what}: {failure.Message} The folder of History:Uri must be readable.", failure);

    /// <summary>In ordinal order, without entering a folder that has nothing to offer.</summary>
    /// <param name="folder">Empty, or a key's beginning that ends with a slash.</param>
    /// <param name="after">Only keys behind this one.</param>
    private IEnumerable<string> Walk(string folder, string prefix, string after)
    {
        foreach (var (name, isFolder) in Entries(folder, prefix))
        {
            if (!isFolder)
            {
                if (string.CompareOrdinal(name, after) > 0)
                {
                    yield return name;
                }
            }
            else if (after.StartsWith(name, StringComparison.Ordinal) || string.CompareOrdinal(name, after) > 0)
            {
                foreach (var key in Walk(name, prefix, after))
                {
                    yield return key;
                }
            }
        }
    }

    private static bool Overlaps(string folder, string prefix) =>
        folder.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(folder, StringComparison.Ordinal);

    /// <summary>Those that have something to offer: of a day's thousands of resources often one.</summary>
    private List<(string Name, bool IsFolder)> Entries(string folder, string prefix)
    {
        var directory = new DirectoryInfo(Path.Combine(root, folder));
        var entries = new List<(string Name, bool IsFolder)>();
        try
        {
            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                if (folder.Length > 0 || entry.Name != HistoryFolder.Unfinished)
                {
                    var isFolder = entry is DirectoryInfo;
                    var name = folder + entry.Name + (isFolder ? "/" : "");
                    if (isFolder ? Overlaps(name, prefix) : name.StartsWith(prefix, StringComparison.Ordinal))
                    {
                        entries.Add((name, isFolder));
                    }
                }
            }
        }
        catch (DirectoryNotFoundException) when (folder.Length > 0)
        {
            // An expiry removed it meanwhile.
        }

        entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }
}
