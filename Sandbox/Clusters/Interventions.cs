using System.Collections.Immutable;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>Whoever wants to meddle with the requests of a pretend cluster. The first who does so has the word.</summary>
internal sealed class Interventions
{
    private ImmutableList<Func<PretendRequest, Intervention?>> _all = [];
    private int _bulks;

    /// <summary>Bulk requests since the start.</summary>
    public int Bulks => Volatile.Read(ref _bulks);

    /// <summary>Asked for every request from now on, until what is returned is disposed.</summary>
    public IDisposable Add(Func<PretendRequest, Intervention?> decide)
    {
        ImmutableInterlocked.Update(ref _all, all => all.Add(decide));
        return new Removal(() => ImmutableInterlocked.Update(ref _all, all => all.Remove(decide)));
    }

    public Intervention? For(string method, string path)
    {
        var isBulk = path.EndsWith("/_bulk", StringComparison.Ordinal);
        var request = new PretendRequest(method, path, isBulk ? Interlocked.Increment(ref _bulks) : 0);
        return _all.Select(decide => decide(request)).FirstOrDefault(decision => decision is not null);
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
