using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>What the checks of one cluster remember between them.</summary>
public sealed record SearchClusterWork
{
    /// <summary>The cluster these endpoints belong to: the first that answered, or the one the user accepted since.</summary>
    public string? PinnedUuid { get; init; }

    /// <summary>The newest check that the cluster answered; null before the first.</summary>
    public CheckOutcome? Answer { get; init; }

    /// <summary>The newest check of all; the same as <see cref="Answer"/> when that one was answered.</summary>
    public CheckOutcome? Attempt { get; init; }

    /// <summary>
    /// What is open now, and since when: first why nobody answers, if nobody does, then the last answer's findings, most
    /// severe first.
    /// </summary>
    public ImmutableArray<OpenFinding> Findings { get; init; } = [];

    public Verdict Verdict { get; init; }

    /// <summary>Code of the worst finding, or why there is no verdict.</summary>
    public string Reason { get; init; } = SearchClusterVerdict.AwaitingFirstCheck;

    public string Message { get; init; } = "";

    /// <summary>The work after a check. Findings of the last answer stay open while nobody answers.</summary>
    public SearchClusterWork After(CheckOutcome outcome) => this with
    {
        Answer = outcome.Answered ? outcome : Answer,
        Attempt = outcome,
        PinnedUuid = PinnedUuid ?? outcome.Identity?.ClusterUuid,
        Findings =
        [
            .. WorstFirst(outcome).Concat(outcome.Answered ? [] : WorstFirst(Answer))
                .Select(finding => Open(finding, outcome.FinishedAt)),
        ],
    };

    private static IEnumerable<Finding> WorstFirst(CheckOutcome? outcome) =>
        outcome?.Findings.OrderByDescending(finding => finding.Severity) ?? Enumerable.Empty<Finding>();

    private OpenFinding Open(Finding finding, DateTimeOffset now) => new(
        finding,
        Findings.FirstOrDefault(known => known.Finding.Code == finding.Code && known.Finding.Object == finding.Object)?.Since ?? now);
}
