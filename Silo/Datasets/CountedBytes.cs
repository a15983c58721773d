namespace ClusterGrains.Datasets;

/// <summary>Counts what is read of a file.</summary>
internal sealed class CountedBytes(Stream source, long from) : ForwardStream
{
    private long _count = from;

    /// <summary>How far into the file.</summary>
    public long Count => Interlocked.Read(ref _count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Interlocked.Add(ref _count, read);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await base.DisposeAsync();
    }
}
