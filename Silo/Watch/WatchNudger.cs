using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Watch;

/// <summary>
/// Every silo asks the relay every few seconds whether it is there; the question alone brings it back when its silo died.
/// </summary>
internal sealed class WatchNudger(
    IGrainFactory grains,
    WatchOptions options,
    IOptions<SweepOptions> settings,
    WatchHealth health,
    TimeProvider time,
    ILogger<WatchNudger> logger)
    : SiloLoop("The question for the watch relay", time, logger)
{
    protected override async Task Run(CancellationToken cancellationToken)
    {
        if (!settings.Value.Relay)
        {
            logger.RelayOff(settings.Value.SweepInterval);
            return;
        }

        var relay = grains.GetGrain<IWatchRelayGrain>(0);
        using var timer = new PeriodicTimer(options.NudgePeriod, Time);
        do
        {
            await Nudge(relay, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task Nudge(IWatchRelayGrain relay, CancellationToken cancellationToken)
    {
        try
        {
            health.Answered(await relay.Nudge(cancellationToken));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever kept it from answering, most likely the death of its silo: the next nudge is the retry.
            logger.NudgeFailed(failure, options.NudgePeriod);
        }
    }
}
