using System.Buffers;
using System.Threading.Channels;

namespace ClusterGrains.Datasets.Loading;

/// <summary>All batches there are: what a load holds in memory is their number times their size.</summary>
internal sealed class BatchPool
{
    private readonly Channel<Batch> _free = Channel.CreateUnbounded<Batch>();
    private readonly int _size;
    private int _limit;

    public BatchPool(ArrayPool<byte> pool, int size, int batchBytes)
    {
        _size = size;
        _limit = batchBytes;
        for (var batch = 0; batch < size; batch++)
        {
            _free.Writer.TryWrite(new Batch(pool, batchBytes));
        }
    }

    /// <summary>How large a batch should be; less than at first once the cluster found one too large.</summary>
    public int Limit => Volatile.Read(ref _limit);

    public ValueTask<Batch> Rent(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    public void Return(Batch batch)
    {
        batch.Clear();
        _free.Writer.TryWrite(batch);
    }

    /// <param name="bytes">Of a request that the cluster found too large.</param>
    public void Shrink(int bytes) => Volatile.Write(ref _limit, Math.Max(1, Math.Min(Limit, bytes / 2)));

    /// <summary>Waits until all are back.</summary>
    /// <param name="release">False leaves the buffers to the collector: a request that was given up may still read them.</param>
    public async Task Close(bool release)
    {
        for (var batch = 0; batch < _size; batch++)
        {
            var returned = await _free.Reader.ReadAsync(CancellationToken.None);
            if (release)
            {
                returned.Release();
            }
        }
    }
}
