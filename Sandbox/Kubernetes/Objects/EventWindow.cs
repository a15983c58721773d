namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>The newest changes, oldest first, at most <paramref name="capacity"/> of them.</summary>
internal sealed class EventWindow(int capacity, long compacted)
{
    private readonly Queue<StoreEvent> _changes = new();

    /// <summary>Changes up to and including this revision are forgotten.</summary>
    public long Compacted { get; private set; } = compacted;

    public void Add(StoreEvent change)
    {
        _changes.Enqueue(change);
        if (_changes.Count > capacity)
        {
            Compacted = _changes.Dequeue().Revision;
        }
    }

    public IEnumerable<StoreEvent> Since(long revision) => _changes.Where(e => e.Revision > revision);

    public IEnumerable<StoreEvent> NewestFirst(long downTo) => Since(downTo).Reverse();

    public void Clear(long revision)
    {
        _changes.Clear();
        Compacted = revision;
    }
}
