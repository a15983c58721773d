namespace ClusterGrains.Clusters;

/// <summary>What a cluster's grain tells those who work with the cluster's data.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.ClusterAccess")]
public sealed record ClusterAccess
{
    /// <summary>The accepted spec, JSON text: endpoints, credentials' Secrets, trust.</summary>
    [Id(0)]
    public required string Spec { get; init; }

    /// <summary>The cluster these endpoints belong to; null before anybody answered.</summary>
    [Id(1)]
    public string? PinnedUuid { get; init; }

    [Id(2)]
    public required Verdict Verdict { get; init; }

    /// <summary>Code of the worst finding, or why there is no verdict.</summary>
    [Id(3)]
    public string Reason { get; init; } = "";

    [Id(4)]
    public string Message { get; init; } = "";

    [Id(5)]
    public ClusterIdentity? Identity { get; init; }
}
