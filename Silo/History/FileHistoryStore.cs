namespace ClusterGrains.History;

/// <summary>
/// History in a folder, for the sandbox and small installations. A key is absent or complete at any moment, also after
/// a power cut: the bytes are on disk before the name is.
/// </summary>
internal sealed class FileHistoryStore(string root, TimeProvider time) : IHistoryStore
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly string _unfinished = Path.Combine(root, HistoryFolder.Unfinished);

    private int _swept;

    public async Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = HistoryFolder.PathOf(root, key);
        try
        {
            return File.Exists(path) || !await Create(path, body, cancellationToken)
                ? await Compare(path, body, cancellationToken)
                : PutOutcome.Created;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DependencyException(
                Dependency.History,
                $"{path} was not written: {failure.Message} The folder of History:Uri must be writable and have space.",
                failure);
        }
    }

    /// <returns>False when somebody else was first.</returns>
    private async Task<bool> Create(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_unfinished);
        SweepOnce();
        var unfinished = Path.Combine(_unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            await using (file)
            {
                await file.WriteAsync(body, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            return Publish(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private bool Publish(string unfinished, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        if (!DurableName.TryGive(unfinished, path))
        {
            return false;
        }

        for (; folder.Length >= root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            DurableName.Sync(folder);
            if (!isNew)
            {
                break;
            }
        }

        return true;
    }

    /// <summary>A killed process leaves the file it was writing.</summary>
    private void SweepOnce()
    {
        if (Interlocked.Exchange(ref _swept, 1) == 1)
        {
            return;
        }

        var limit = time.GetUtcNow() - Abandoned;
        foreach (var file in new DirectoryInfo(_unfinished).EnumerateFiles().Where(f => f.LastWriteTimeUtc < limit))
        {
            file.Delete();
        }
    }

    private static async Task<PutOutcome> Compare(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var stored = await File.ReadAllBytesAsync(path, cancellationToken);
        return body.Span.SequenceEqual(stored) ? PutOutcome.AlreadyThere : PutOutcome.Different;
    }
}
