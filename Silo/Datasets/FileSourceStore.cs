using System.Globalization;
using System.Runtime.CompilerServices;

namespace ClusterGrains.Datasets;

/// <summary>
/// Files of this machine. A file is the same as long as its size and its time of change are: weak, so data is best written
/// beside and renamed into its place, the marker last.
/// </summary>
/// <param name="path">The source's folder, as the user names it.</param>
/// <param name="root">The configured folder that the source lies in, and that no link may lead out of; without links.</param>
internal sealed class FileSourceStore(string path, string root) : ISourceStore
{
    private const int MaxDepth = 16;

    public string Url { get; } = $"file://{path}/";

    public LookBudget Looks { get; } = new(int.MaxValue, 0);

    public async IAsyncEnumerable<string> Folders([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folders = await Do(
            () => Source().EnumerateDirectories().Where(IsInside).Select(folder => folder.Name).ToArray(),
            cancellationToken);
        foreach (var folder in folders)
        {
            yield return folder;
        }
    }

    public async IAsyncEnumerable<StoredFile> Files(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One folder at a time: whoever has enough files stops asking.
        var ahead = new Queue<(string Name, int Depth)>([("", 0)]);
        while (ahead.TryDequeue(out var current))
        {
            var entries = await Do(() => Entries(folder, current.Name).ToArray(), cancellationToken);
            foreach (var (file, subfolder) in entries)
            {
                if (file is not null)
                {
                    yield return file;
                }
                else if (current.Depth < MaxDepth && Path.GetFileName(subfolder)![0] is not ('_' or '.'))
                {
                    ahead.Enqueue((subfolder!, current.Depth + 1));
                }
            }
        }
    }

    public Task<StoredFile?> Find(string name, CancellationToken cancellationToken) => Do(
        () =>
        {
            // A volume that is gone must not pass for a marker that was taken away.
            Source();
            return RealPath.Of(PathOf(name)) is { } real && RealPath.IsWithin(real, root) && new FileInfo(real) is { Exists: true } file
                ? new StoredFile(name, file.Length, ETag(file))
                : null;
        },
        cancellationToken);

    public Task<Stream> Open(StoredFile file, long fromByte, CancellationToken cancellationToken) => Do<Stream>(
        () =>
        {
            var at = PathOf(file.Name);
            return RealPath.Of(at) is { } real && !RealPath.IsWithin(real, root)
                ? throw Outside(at)
                : FileBytes.Open(at, file, fromByte, () => Find(file.Name, CancellationToken.None));
        },
        cancellationToken);

    /// <summary>What a file is known by.</summary>
    public static string ETag(long size, DateTime changed) =>
        string.Create(CultureInfo.InvariantCulture, $"{size:x}-{changed.Ticks:x}");

    private DirectoryInfo Source() => new DirectoryInfo(path) is { Exists: true } folder
        ? folder
        : throw new DependencyException(
            Dependency.Source, $"There is no folder {path}; create it, or mount the volume that holds it.");

    private IEnumerable<(StoredFile? File, string? Folder)> Entries(string folder, string below)
    {
        Source();
        var at = PathOf(Path.Combine(folder, below));
        if (RealPath.Of(at) is not { } real)
        {
            yield break;
        }

        if (!RealPath.IsWithin(real, root))
        {
            throw Outside(at);
        }

        foreach (var entry in new DirectoryInfo(real).EnumerateFileSystemInfos())
        {
            var name = below.Length == 0 ? entry.Name : $"{below}/{entry.Name}";
            if (!IsInside(entry))
            {
                throw Outside(entry.FullName);
            }

            yield return entry is FileInfo file
                ? (new StoredFile(name, Target(file).Length, ETag(Target(file))), null)
                : (null, name);
        }
    }

    private string PathOf(string name)
    {
        var full = Path.GetFullPath(Path.Combine(path, name));
        return RealPath.IsWithin(full, path) ? full : throw Outside(full);
    }

    /// <summary>Only links can lead out of the folder that they are listed in.</summary>
    private bool IsInside(FileSystemInfo entry) =>
        entry.LinkTarget is null || (RealPath.Of(entry.FullName) is { } real && RealPath.IsWithin(real, root));

    private static string ETag(FileInfo file) => ETag(file.Length, file.LastWriteTimeUtc);

    // A link's own size and time say nothing of what is behind it.
    private static FileInfo Target(FileInfo file) =>
        file.LinkTarget is null ? file : new FileInfo(RealPath.Of(file.FullName) ?? file.FullName);

    private DependencyException Outside(string at) => new(
        Dependency.Source,
        $"{at} leads out of {root}; copy what is behind the link, or let the operator's setting "
        + $"{SourceOptions.Section}:{nameof(SourceOptions.FileRoots)} allow it.");

    // File systems block, network ones for long: not on a thread that schedules grains.
    private async Task<T> Do<T>(Func<T> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(ask, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DependencyException(
                Dependency.Source, $"{Url} is not readable: {failure.Message} The operator's user must be allowed to read it.", failure);
        }
    }
}
