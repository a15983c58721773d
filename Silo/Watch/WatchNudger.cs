namespace ClusterGrains.Watch;

/// <summary>
/// Every silo asks the relay every few seconds whether it is there; the question alone brings it back when its silo died.
/// </summary>
internal sealed class WatchNudger(
    IGrainFactory grains, WatchOptions options, WatchHealth health, TimeProvider time, ILogger<WatchNudger> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(WatchNudger),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _running = Task.Run(() => Run(_stopping.Token), CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _running;
        });

    public void Dispose() => _stopping.Dispose();

    private async Task Run(CancellationToken cancellationToken)
    {
        var relay = grains.GetGrain<IWatchRelayGrain>(0);
        using var timer = new PeriodicTimer(options.NudgePeriod, time);
        try
        {
            do
            {
                await Nudge(relay, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Nudge(IWatchRelayGrain relay, CancellationToken cancellationToken)
    {
        try
        {
            await relay.Nudge(cancellationToken);
            health.Answered();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever kept it from answering, most likely the death of its silo: the next nudge is the retry.
            logger.NudgeFailed(failure, options.NudgePeriod);
        }
    }
}
