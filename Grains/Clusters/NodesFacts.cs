using System.Collections.Immutable;

namespace ClusterGrains.Clusters;

/// <summary>What <c>_nodes/stats</c> says.</summary>
/// <param name="Failed">Nodes that did not answer the one we asked.</param>
public sealed record NodesFacts(ImmutableArray<NodeFacts> Nodes, long Failed = 0);

/// <param name="HoldsData">
/// Whether the disk watermarks concern it: it has a data role other than <c>data_frozen</c>, whose cache fills the disk by
/// design.
/// </param>
/// <param name="TotalBytes">Of its data paths; null when it did not say.</param>
/// <param name="AvailableBytes">As above.</param>
/// <param name="HeapUsedPercent">Of the maximum heap; null when it did not say.</param>
public sealed record NodeFacts(
    string Name, bool HoldsData, long? TotalBytes = null, long? AvailableBytes = null, double? HeapUsedPercent = null)
{
    /// <summary>0 to 100; null when it did not say enough.</summary>
    public double? DiskUsedPercent => TotalBytes is > 0 && AvailableBytes is { } available
        ? 100 * (1 - Math.Clamp((double)available / TotalBytes.Value, 0, 1))
        : null;
}
