using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>What the runs of one dataset remember between them, and what is said of it.</summary>
public sealed record SearchDatasetWork
{
    /// <summary>More are in the history.</summary>
    public const int MaxRecent = 5;

    /// <summary>Written by the open run alone.</summary>
    public DatasetLedger Ledger { get; init; } = new();

    /// <summary>The last updates that ended, newest first.</summary>
    public ImmutableArray<EndedUpdate> Recent { get; init; } = [];

    /// <summary>What is open now, most severe first.</summary>
    public ImmutableArray<OpenFinding> Findings { get; init; } = [];

    public DatasetPhase Phase { get; init; }

    /// <summary>Code of what explains the phase.</summary>
    public string Reason { get; init; } = DatasetVerdict.AwaitingFirstLook;

    public string Message { get; init; } = "";

    /// <summary>Whether a report brings the end of an update that is known already: its answer was lost and it came again.</summary>
    public bool Knows(UpdateEnd end) =>
        Recent.Any(known => known.RunId == end.Candidate.RunId && known.Index == end.Candidate.Index);

    public SearchDatasetWork Remember(EndedUpdate ended) => this with { Recent = [ended, .. Recent.Take(MaxRecent - 1)] };
}
