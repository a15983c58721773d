using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Watch;

/// <summary>Sweeps whenever it is this silo's turn; without a relay also at once, since nobody else finds anything.</summary>
internal sealed class Sweeper(
    WatchTargets targets, Sweep sweep, Rota rota, IOptions<SweepOptions> options, TimeProvider time,
    ILogger<Sweeper> logger)
    : SiloLoop("The sweep", time, logger)
{
    /// <summary>Targets swept at the same time: with many namespaces, the wait before the second look is shared.</summary>
    private const int MaxTargets = 8;

    /// <summary>Without a relay a failed first sweep is repeated at once, for some minutes; then the interval counts.</summary>
    private const int FirstAttempts = 10;

    protected override async Task Run(CancellationToken cancellationToken)
    {
        if (!options.Value.Relay)
        {
            await SweepFirst(cancellationToken);
        }

        while (true)
        {
            await rota.NextTurn(options.Value.SweepInterval, cancellationToken);
            await SweepAll(cancellationToken);
        }
    }

    private async Task SweepFirst(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (!await SweepAll(cancellationToken) && backoff.Failures < FirstAttempts)
        {
            await Task.Delay(backoff.Next(), Time, cancellationToken);
        }
    }

    /// <returns>Whether every target was swept completely.</returns>
    public async Task<bool> SweepAll(CancellationToken cancellationToken)
    {
        var failures = 0;
        await Parallel.ForEachAsync(
            targets.All,
            new ParallelOptions { MaxDegreeOfParallelism = MaxTargets, CancellationToken = cancellationToken },
            async (target, token) =>
            {
                if (!await sweep.Run(target, token))
                {
                    Interlocked.Increment(ref failures);
                }
            });
        return failures == 0;
    }
}
