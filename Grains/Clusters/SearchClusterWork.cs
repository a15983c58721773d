using System.Collections.Immutable;

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

    /// <summary>What is open now, most severe first, and since when.</summary>
    public ImmutableArray<OpenFinding> Findings { get; init; } = [];

    public Verdict Verdict { get; init; }

    /// <summary>Code of the worst finding, or why there is no verdict.</summary>
    public string Reason { get; init; } = SearchClusterVerdict.AwaitingFirstCheck;

    public string Message { get; init; } = "";

    /// <summary>The work after a check. Findings of the last answer stay open while nobody answers.</summary>
    public SearchClusterWork After(CheckOutcome outcome)
    {
        var answer = outcome.Answered ? outcome : Answer;
        var open = outcome.Answered || answer is null
            ? outcome.Findings
            : outcome.Findings.AddRange(answer.Findings);
        return this with
        {
            Answer = answer,
            Attempt = outcome,
            PinnedUuid = PinnedUuid ?? outcome.Identity?.ClusterUuid,
            Findings = [.. open.OrderByDescending(finding => finding.Severity).Select(finding => Open(finding, outcome.FinishedAt))],
        };
    }

    private OpenFinding Open(Finding finding, DateTimeOffset now) => new(
        finding,
        Findings.FirstOrDefault(known => known.Finding.Code == finding.Code && known.Finding.Object == finding.Object)?.Since ?? now);
}

/// <param name="Since">When the first of an unbroken row of checks found it.</param>
public sealed record OpenFinding(Finding Finding, DateTimeOffset Since);
