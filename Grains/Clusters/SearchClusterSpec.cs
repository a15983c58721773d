using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>
/// The spec of a SearchCluster, defaults filled in. Mirrors <c>k8s/crds/searchclusters.yaml</c>: the names in camelCase,
/// and every default, range, pattern and type; a test compares the two.
/// </summary>
public sealed record SearchClusterSpec
{
    public Engine Engine { get; init; } = Engine.Auto;

    /// <summary>URLs of one and the same cluster, tried in order, beginning with the one that answered last.</summary>
    [Length(1, EndpointUrl.MaxCount)]
    [Items(EndpointUrl.MaxLength, EndpointUrl.Pattern)]
    public required ImmutableArray<string> Endpoints { get; init; }

    /// <summary>Null for anonymous requests.</summary>
    public AuthSpec? Auth { get; init; }

    public TlsSpec Tls { get; init; } = new();

    /// <summary>No checks at all.</summary>
    public bool Suspend { get; init; }

    public ScheduleSpec Schedule { get; init; } = new();
}

/// <summary>Who is expected to answer.</summary>
public enum Engine
{
    /// <summary>Either engine.</summary>
    Auto,
    OpenSearch,
    Elasticsearch,
}
