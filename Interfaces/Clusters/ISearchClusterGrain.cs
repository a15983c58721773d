using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>One search cluster and its periodic check.</summary>
[Alias("ClusterGrains.ISearchClusterGrain")]
public interface ISearchClusterGrain : IResourceGrain
{
    /// <summary>A check ended. Anything but the pair of the open run is ignored.</summary>
    [Alias("Complete")]
    Task Complete(string runId, int attempt, CheckOutcome outcome, CancellationToken cancellationToken);

    /// <summary>How to reach the cluster and what is said of it; null when there is no such resource or no accepted spec.</summary>
    [Alias("Access")]
    Task<ClusterAccess?> Access(CancellationToken cancellationToken);
}
