namespace ClusterGrains.Clusters;

/// <summary>What one probe gathered.</summary>
public sealed record ClusterFacts;
