namespace ClusterGrains.Tests.Watch;

/// <summary>A silo that is active until it is disposed.</summary>
internal sealed class PretendLifecycle : ISiloLifecycle, IDisposable
{
    private readonly List<ILifecycleObserver> _observers = [];

    public int HighestCompletedStage => ServiceLifecycleStage.Active;

    public int LowestStoppedStage => int.MaxValue;

    public static PretendLifecycle Start(ILifecycleParticipant<ISiloLifecycle> participant)
    {
        var lifecycle = new PretendLifecycle();
        participant.Participate(lifecycle);
        lifecycle._observers.ForEach(observer => observer.OnStart(CancellationToken.None).GetAwaiter().GetResult());
        return lifecycle;
    }

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        _observers.Add(observer);
        return this;
    }

    public void Dispose() => _observers.ForEach(observer => observer.OnStop(CancellationToken.None).GetAwaiter().GetResult());
}
