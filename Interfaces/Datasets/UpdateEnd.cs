using System.Collections.Immutable;

namespace ClusterGrains.Datasets;

/// <summary>How the update of one version ended: everything its <c>update</c> record says.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.UpdateEnd")]
public sealed record UpdateEnd
{
    [Id(0)]
    public required UpdateResult Result { get; init; }

    /// <summary>The candidate as it was at the end.</summary>
    [Id(1)]
    public required Candidate Candidate { get; init; }

    /// <summary>From the closed list in docs/findings.md; empty for Promoted and RolledBack.</summary>
    [Id(2)]
    public string Code { get; init; } = "";

    [Id(3)]
    public string Message { get; init; } = "";

    /// <summary>What the alias showed before; null when nothing, or when it was not touched.</summary>
    [Id(4)]
    public string? Replaced { get; init; }

    /// <summary>Indices deleted by the Prune that followed.</summary>
    [Id(5)]
    public ImmutableArray<string> Pruned { get; init; } = [];
}

/// <summary>Also the <c>outcome</c> of the record.</summary>
[GenerateSerializer, Alias("ClusterGrains.UpdateResult")]
public enum UpdateResult
{
    Promoted,

    /// <summary>Readers went back to an older version, by <c>pin</c>.</summary>
    RolledBack,

    Failed,

    /// <summary>Given up for a newer version, another pin or another spec.</summary>
    Superseded,

    /// <summary>The resource was deleted meanwhile.</summary>
    Interrupted,
}
