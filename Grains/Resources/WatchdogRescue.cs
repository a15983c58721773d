using System.Threading.Channels;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// When a silo is gone, every other one at once wakes the resources that it served last: a run that it left open is closed
/// and begun anew in seconds. A silo that starts does the same for all silos that are gone by then.
/// </summary>
internal sealed class WatchdogRescue(WatchdogContext context, ISiloStatusOracle silos, ILogger<WatchdogRescue> logger)
    : SiloLoop("The rescue of what silos left", context.Time, logger), ISiloStatusListener
{
    private const string EarlierSilos = "Every silo of before";

    /// <summary>Silos whose rescue waits; far more than there are.</summary>
    private const int Capacity = 1_000;

    private const int AtOnce = 4;

    private readonly Channel<string> _gone = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status is SiloStatus.Dead && !updatedSilo.Equals(silos.SiloAddress))
        {
            _gone.Writer.TryWrite(updatedSilo.ToParsableString());
        }
    }

    /// <summary>Wakes what the silo left; tries again until all are awake or the rounds may as well do it.</summary>
    public Task Rescue(string silo, CancellationToken cancellationToken) =>
        Rescue(silo, token => context.Index.ListWrittenBy(silo, token), cancellationToken);

    /// <summary>The same for whatever was left by silos that are not there now.</summary>
    public Task RescueAll(CancellationToken cancellationToken) =>
        Rescue(EarlierSilos, async token =>
        {
            var rows = await context.AllRows(token);
            var alive = silos.GetApproximateSiloStatuses(onlyActive: false)
                .Where(silo => silo.Value is not SiloStatus.Dead)
                .Select(silo => silo.Key.ToParsableString())
                .ToHashSet(StringComparer.Ordinal);
            return [.. rows.Where(row => row.Silo is not { } silo || !alive.Contains(silo))];
        }, cancellationToken);

    protected override async Task Run(CancellationToken cancellationToken)
    {
        // Who dies from here on is told; who is gone already is found.
        silos.SubscribeToSiloStatusEvents(this);
        try
        {
            await Task.WhenAll(
                RescueAll(cancellationToken),
                Parallel.ForEachAsync(
                    _gone.Reader.ReadAllAsync(cancellationToken),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    async (silo, token) => await Rescue(silo, token)));
        }
        finally
        {
            silos.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    private async Task Rescue(
        string silo, Func<CancellationToken, Task<IReadOnlyList<IndexRow>>> list, CancellationToken cancellationToken)
    {
        IReadOnlyList<ResourceId>? left = null;
        var (count, problem) = (0, default(string));
        for (var tries = 0; tries < context.Options.RescueTries; tries++)
        {
            await Try(async token =>
            {
                if (left is null)
                {
                    var rows = await list(token);
                    left = [.. context.Waker.Resources(rows.Where(row => row.Phase != nameof(ResourcePhase.Retired)))];
                    count = left.Count;
                }

                var failures = await context.Waker.Wake(left, token);
                left = [.. failures.All.Select(one => one.Resource)];
                return problem = failures.Problem;
            }, cancellationToken);
            if (left is [])
            {
                if (count > 0)
                {
                    logger.Rescued(silo, count);
                }

                return;
            }

            await Task.Delay(context.Options.RescuePause, context.Time, cancellationToken);
        }

        logger.NotRescued(silo, problem ?? "the storage does not answer");
    }
}
