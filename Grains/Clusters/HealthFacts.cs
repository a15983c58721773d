namespace ClusterGrains.Clusters;

/// <summary>What <c>_cluster/health</c> says. A number is null when the cluster did not say it.</summary>
/// <param name="Status"><c>green</c>, <c>yellow</c> or <c>red</c>.</param>
public sealed record HealthFacts(string Status)
{
    public long? Nodes { get; init; }

    public long? DataNodes { get; init; }

    public long? ActiveShards { get; init; }

    public long? ActivePrimaries { get; init; }

    public long? Relocating { get; init; }

    public long? Initializing { get; init; }

    public long? Unassigned { get; init; }

    /// <summary>Newer Elasticsearch only.</summary>
    public long? UnassignedPrimaries { get; init; }

    /// <summary>Part of <see cref="Unassigned"/>: the cluster waits for a node to come back.</summary>
    public long? DelayedUnassigned { get; init; }

    public long? PendingTasks { get; init; }

    /// <summary>OpenSearch only: false when the answering node sees no cluster manager.</summary>
    public bool? ClusterManagerDiscovered { get; init; }
}
