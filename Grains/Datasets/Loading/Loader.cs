using System.Buffers;
using System.Runtime.ExceptionServices;

namespace ClusterGrains.Datasets.Loading;

/// <summary>
/// Carries a frozen version into an index: one reader fills batches, several requests carry them, and what they have
/// settled without a gap is told as it grows. Memory is bounded by the spec: the requests that may be under way, one
/// batch more that is being filled, and the longest line.
/// </summary>
/// <param name="pool">Where all buffers come from; null for the shared one.</param>
internal sealed class Loader(TimeProvider time, LoadMetrics? metrics = null, ArrayPool<byte>? pool = null)
{
    private readonly ArrayPool<byte> _pool = pool ?? ArrayPool<byte>.Shared;

    /// <exception cref="SourceException">The version cannot be read as it was frozen.</exception>
    /// <exception cref="DependencyException">The source is not readable.</exception>
    public async Task<LoadEnd> Load(LoadJob job, CancellationToken cancellationToken)
    {
        var batchBytes = (int)job.Limits.BatchBytes.Bytes;
        var requests = (int)Math.Clamp(job.Limits.InFlightBytes.Bytes / batchBytes, 1, job.Limits.Workers);
        using var stop = new LoadStop(cancellationToken);
        using var throttle = new Throttle(requests);
        using var lines = new LineReader(_pool, batchBytes);
        var batches = new BatchPool(_pool, requests + 1, batchBytes);
        var prefix = new LoadPrefix(job, stop);
        var sender = new Sender(job, time, throttle, batches, stop, metrics);
        var feed = new Feed(job, batches, prefix, lines, batch => _ = Task.Run(() => Carry(batch), CancellationToken.None));
        var checkpoints = new CheckpointLoop(job, time, prefix, stop);

        var checkpointing = checkpoints.Run(cancellationToken);
        await stop.Guard(feed.Run(stop.Reading));
        await batches.Close(release: !stop.All.IsCancellationRequested);
        checkpoints.Complete();
        await checkpointing;
        return await End(checkpoints, prefix, stop, cancellationToken);

        async Task Carry(Batch batch)
        {
            await stop.Guard(Deliver(batch));
            batches.Return(batch);
        }

        async Task Deliver(Batch batch)
        {
            await sender.Send(batch);
            prefix.Settle(batch.Stretch);
        }
    }

    private static async Task<LoadEnd> End(
        CheckpointLoop checkpoints, LoadPrefix prefix, LoadStop stop, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var told = checkpoints.HasFailed ? prefix.Standing : await checkpoints.Finish(cancellationToken);
        if (stop.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        var (result, reason) = stop.Verdict ?? (LoadResult.Done, "");

        // The engine's reason quotes the document, which not everybody who sees the status may see.
        if (result == LoadResult.TooManyRejected && prefix.FirstRejected is { } first)
        {
            reason = $"{reason} The first: {first.File}, line {first.Line}: {first.Type}. The rejected records in the history tell more.";
        }

        return new LoadEnd(result, told.Position, told.Counts, reason);
    }
}
