using ClusterGrains.Storage;

namespace ClusterGrains.Resources;

/// <summary>What the parts of the watchdog work with.</summary>
internal sealed record WatchdogContext(
    IResourceIndex Index,
    IEnumerable<ResourceKind> Kinds,
    WatchdogWaker Waker,
    WatchdogMetrics Metrics,
    WatchdogOptions Options,
    TimeProvider Time)
{
    /// <summary>Every row of every kind.</summary>
    public async Task<List<IndexRow>> AllRows(CancellationToken cancellationToken)
    {
        var rows = new List<IndexRow>();
        foreach (var kind in Kinds)
        {
            rows.AddRange(await Index.List(kind.Name, cancellationToken));
        }

        return rows;
    }
}
