namespace ClusterGrains.Clusters;

/// <summary>The spec of a SearchCluster.</summary>
public sealed record SearchClusterSpec;
