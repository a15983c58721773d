using System.Threading.Channels;

namespace ClusterGrains.Datasets.Loading;

/// <summary>Tells how far the load is: one call at a time, while loading goes on.</summary>
internal sealed class CheckpointLoop(LoadJob job, TimeProvider time, LoadPrefix prefix, LoadStop stop)
{
    /// <summary>Between two calls, while the prefix grows.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether a call threw.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Until <see cref="Complete"/>; what a call throws stops the load.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        prefix.Due = Due;
        await using var timer = time.CreateTimer(_ => Due(), null, Pace, Pace);
        await foreach (var _ in _due.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (!HasFailed && prefix.Take() is { } progress)
            {
                await Tell(progress, cancellationToken);
            }
        }
    }

    public void Complete() => _due.Writer.TryComplete();

    /// <summary>The rest, at least once.</summary>
    public async Task<LoadProgress> Finish(CancellationToken cancellationToken)
    {
        var last = prefix.Take() ?? prefix.Standing;
        await job.Checkpoint(last, cancellationToken);
        while (prefix.Take() is { } progress)
        {
            last = progress;
            await job.Checkpoint(last, cancellationToken);
        }

        return last;
    }

    private async Task Tell(LoadProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            await job.Checkpoint(progress, cancellationToken);
        }
        catch (Exception failure)
        {
            HasFailed = true;
            stop.Fail(failure);
        }
    }

    private void Due() => _due.Writer.TryWrite(true);
}
