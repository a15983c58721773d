namespace ClusterGrains.Datasets;

/// <summary>The bytes of one file as it was when it was frozen; anything else ends in <see cref="SourceException"/>.</summary>
/// <param name="name">For messages.</param>
/// <param name="again">Looks the file up anew.</param>
internal sealed class FileBytes(string name, StoredFile file, FileStream stream, Func<Task<StoredFile?>> again) : ForwardStream
{
    private readonly StoredFile _file = file;

    /// <exception cref="SourceException">It is another file by now, or gone.</exception>
    public static FileBytes Open(string path, StoredFile file, long fromByte, Func<Task<StoredFile?>> again)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, new FileStreamOptions
            {
                BufferSize = 0,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SourceFailures.Gone(path);
        }

        if (FileSourceStore.ETag(stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle)) != file.ETag)
        {
            stream.Dispose();
            throw SourceFailures.Changed(path);
        }

        stream.Position = fromByte;
        return new FileBytes(path, file, stream, again);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0 && !buffer.IsEmpty)
            {
                await CheckUnchanged();
            }

            return read;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DependencyException(Dependency.Source, $"{name} is not readable: {failure.Message}", failure);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await base.DisposeAsync();
    }

    // By its name: what was renamed over it is what the next reader would see.
    private async Task CheckUnchanged()
    {
        var now = await again() ?? throw SourceFailures.Gone(name);
        if (now != _file || FileSourceStore.ETag(stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle)) != _file.ETag)
        {
            throw SourceFailures.Changed(name);
        }
    }
}
