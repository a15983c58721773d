namespace ClusterGrains.Clusters;

/// <summary>Port: asks a search cluster everything one check needs.</summary>
public interface IClusterProbe
{
    /// <summary>
    /// Gathers what can be gathered; a step that fails leaves its facts empty and its failure in <see cref="ClusterFacts"/>,
    /// and never spoils the other steps. Throws nothing but <see cref="OperationCanceledException"/> for the caller's token.
    /// </summary>
    /// <param name="resourceNamespace">Where the Secrets that the spec names live.</param>
    Task<ClusterFacts> Probe(string resourceNamespace, SearchClusterSpec spec, CancellationToken cancellationToken);
}
