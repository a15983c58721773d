using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Placement;

namespace ClusterGrains.Watch;

/// <summary>Runs the relay for as long as it is active. The relay itself never runs on this grain's turns.</summary>
[GrainType("watchrelay"), KeepAlive, RandomPlacement]
internal sealed class WatchRelayGrain(
    WatchRelay relay, WatchOptions options, WatchHealth health, ILogger<WatchRelayGrain> logger)
    : Grain, IWatchRelayGrain, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private Task _running = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Whoever happened to wake the relay is not the cause of all that it will tell.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(() => relay.Run(_leaving.Token), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public Task<ImmutableArray<WatchState>> Nudge(CancellationToken cancellationToken)
    {
        var silence = relay.Silence;
        if (silence > options.DeafAfter)
        {
            logger.RelayDeaf(silence);
            DeactivateOnIdle();
        }
        else if (_running.IsCompleted)
        {
            DeactivateOnIdle();
        }

        return Task.FromResult(health.Here);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _running.WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose() => _leaving.Dispose();
}
