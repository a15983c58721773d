namespace ClusterGrains.Resources;

/// <summary>
/// Work that a silo does beside its grains for as long as it is active. Registered as the
/// <see cref="ILifecycleParticipant{TLifecycleObservable}"/> that it is.
/// </summary>
internal abstract class SiloLoop : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        GetType().Name,
        ServiceLifecycleStage.Active,
        _ =>
        {
            _running = Task.Run(() => Run(_stopping.Token), CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Works until cancelled. Survives by itself whatever a single round may throw, and says it.</summary>
    protected abstract Task Run(CancellationToken cancellationToken);
}
