namespace ClusterGrains.Benchmarks.Fleet;

/// <summary>How large a fleet is asked about, and how often.</summary>
internal sealed record FleetPlan
{
    /// <summary>SearchClusters, all checked.</summary>
    public required int Resources { get; init; }

    /// <summary>They are spread over.</summary>
    public required int Namespaces { get; init; }

    /// <summary>Of each kind of request.</summary>
    public required int Requests { get; init; }

    /// <summary>That ask at once, where several do.</summary>
    public required int Callers { get; init; }
}
