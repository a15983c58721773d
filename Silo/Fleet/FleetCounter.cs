using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>Counts all resources from the index. Those who ask within a moment share one count: reading 10,000 rows is not free.</summary>
internal sealed class FleetCounter(IResourceIndex index, IEnumerable<ResourceKind> kinds, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private FleetCount? _last;

    /// <param name="maxAge">How old a count may be to be good enough; zero for a new one.</param>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<FleetCount> Count(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            return _last is { } last && now - last.At is var age && age >= TimeSpan.Zero && age < maxAge
                ? last
                : _last = await Count(new FleetCount(now), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<FleetCount> Count(FleetCount count, CancellationToken cancellationToken)
    {
        foreach (var kind in kinds)
        {
            foreach (var row in (await index.List(kind.Name, cancellationToken)).Where(FleetItem.IsShown))
            {
                count.Add(kind, row, FleetItem.From(row, count.At));
            }
        }

        return count;
    }
}
