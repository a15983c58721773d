using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>One search cluster and its periodic check.</summary>
[Alias("ClusterGrains.ISearchClusterGrain")]
public interface ISearchClusterGrain : IResourceGrain
{
    /// <summary>A check ended. Anything but the pair of the open run is ignored.</summary>
    [Alias("Complete")]
    Task Complete(string runId, int attempt, CheckOutcome outcome, CancellationToken cancellationToken);
}
