using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>What one check found: the findings and the few facts that status, history and the index show.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.CheckOutcome")]
public sealed record CheckOutcome
{
    [Id(0)]
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>
    /// Whether the cluster gave an answer that says something about it. Without one the last verdict stands until it is stale.
    /// </summary>
    [Id(1)]
    public required bool Answered { get; init; }

    /// <summary>False when the cluster refused our credentials, or the Secret that holds them is unusable.</summary>
    [Id(2)]
    public bool CredentialsValid { get; init; } = true;

    /// <summary>Most severe first.</summary>
    [Id(3)]
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Who answered; null when nobody said.</summary>
    [Id(4)]
    public ClusterIdentity? Identity { get; init; }

    /// <summary>green, yellow or red, as the cluster says; null when it did not say.</summary>
    [Id(5)]
    public string? Health { get; init; }

    /// <summary>Named numbers (docs/findings.md lists them), for status and history.</summary>
    [Id(6)]
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>The endpoint that answered; null when none did.</summary>
    [Id(7)]
    public string? Endpoint { get; init; }
}

/// <summary>Who a cluster says it is.</summary>
/// <param name="Engine"><c>OpenSearch</c> or <c>Elasticsearch</c>.</param>
/// <param name="Version">For example <c>2.19.1</c>.</param>
/// <param name="ClusterName">The cluster's own name.</param>
/// <param name="ClusterUuid">Null while the cluster has not formed (it then says <c>_na_</c>).</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.ClusterIdentity")]
public sealed record ClusterIdentity(
    [property: Id(0)] string Engine,
    [property: Id(1)] string Version,
    [property: Id(2)] string ClusterName,
    [property: Id(3)] string? ClusterUuid);
