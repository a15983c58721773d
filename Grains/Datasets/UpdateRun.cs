using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>One run of one dataset: what it works from, and to whom it reports.</summary>
internal sealed record UpdateRun
{
    public required ResourceKey Key { get; init; }

    public required string Uid { get; init; }

    /// <summary>Of <see cref="Spec"/>.</summary>
    public required long Generation { get; init; }

    /// <summary>The accepted one, read.</summary>
    public required SearchDatasetSpec Spec { get; init; }

    /// <summary>The value of <c>clustergrains.io/approve</c>: the index that may be promoted; null for none.</summary>
    public string? Approve { get; init; }

    /// <summary>The value of <c>clustergrains.io/adopt-alias</c>: the index the alias rightly shows; null for none.</summary>
    public string? AdoptAlias { get; init; }

    /// <summary>The value of <c>clustergrains.io/reload</c>: a version to be loaded again; null for none.</summary>
    public string? Reload { get; init; }

    /// <summary>The candidate's when there is one, else new.</summary>
    public required string RunId { get; init; }

    /// <summary>Counts the runs of that id; fences reports and names the private load alias.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>As stored when the run was opened.</summary>
    public required DatasetLedger Ledger { get; init; }

    /// <summary>Whom plans and rejected documents are about.</summary>
    public required HistoryTarget Target { get; init; }

    public required ISearchDatasetGrain Grain { get; init; }

    public required ISearchClusterGrain Cluster { get; init; }
}
