using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Everything that a dataset is judged by at one moment.</summary>
/// <param name="Spec">The accepted one; null while there is none, or when this silo can no longer read it.</param>
/// <param name="Schedule">Null exactly when <paramref name="Spec"/> is.</param>
internal sealed record DatasetView(
    ResourceState<SearchDatasetWork> State, SearchDatasetSpec? Spec, Schedule? Schedule, DateTimeOffset Now)
{
    /// <summary>What a step that moves at all has done by then.</summary>
    private static readonly TimeSpan Lull = TimeSpan.FromMinutes(5);

    /// <summary>How long a folder may lie complete-looking without its marker.</summary>
    private static readonly TimeSpan MarkerGrace = TimeSpan.FromMinutes(10);

    public DatasetLedger Ledger => State.Work.Ledger;

    public Candidate? Candidate => Ledger.Candidate;

    public bool Suspended => Schedule is { Suspended: true };

    /// <summary>The version that readers should see, as far as anybody knows; null when nobody does.</summary>
    public string? Wanted => Spec?.Rollout.Pin ?? Ledger.Look?.Latest;

    /// <summary>
    /// Whether readers see it, or, where nothing is pinned, something newer or called right: a source may lose its newest folder.
    /// </summary>
    public bool ShowsWanted => Ledger.Published is { } published && (Wanted is not { } wanted || wanted == published.Version
        || (Spec is { Rollout.Pin: null } spec && new VersionNames(spec.Source) is var names
            && (names.Compare(wanted, published.Version) < 0 || (Ledger.HeldUpTo is { } held && names.Compare(wanted, held) <= 0))));

    /// <summary>Whether nobody knows any more what the source holds.</summary>
    public bool IsStale => Schedule is { } schedule && LookedAt is { } at && Now - at >= schedule.StaleAfter;

    /// <summary>The newest look; before the first, when it was first tried.</summary>
    public DateTimeOffset? LookedAt =>
        Ledger.Look?.At ?? Ledger.Blocked?.Since ?? State.LastRun?.StartedAt ?? State.Run?.StartedAt;

    /// <summary>The version that failed, if readers were given nothing else since.</summary>
    public FailedVersion? Failed =>
        Ledger.Failed is { } failed && (Ledger.Published is not { } published || failed.At >= published.At) ? failed : null;

    /// <summary>What keeps a version from going on; null as well when nothing is to be done anyway.</summary>
    public Trouble? Waits => Ledger.Blocked is { } blocked
        && (Candidate is { Step: not UpdateStep.Prune }
            || (Candidate is null && !ShowsWanted && (Failed is null || Wanted != Failed.Version))
            || (Candidate is null && Ledger.Published is null && Failed is null)
            || blocked.Code is DatasetCodes.AliasDrift or DatasetCodes.AliasIsIndex or DatasetCodes.PinUnavailable)
        ? blocked
        : null;

    public bool MakesNoProgress => Candidate is { Step: UpdateStep.Load } candidate && Schedule is { } schedule
        && Now - (candidate.MovedAt ?? candidate.LoadStartedAt ?? candidate.StartedAt) >= Longer(Lull, 3 * schedule.Interval);

    /// <summary>The folder whose marker seems to be forgotten.</summary>
    public string? Unmarked => Ledger.Look is { Unmarked: { } folder, UnmarkedSince: { } since } && Schedule is { } schedule
        && Now - since >= Longer(MarkerGrace, 3 * schedule.Interval) ? folder : null;

    public bool IsOverdue => Spec?.Source.ExpectNewWithin is { } within && Ledger.Look is { } look && Now - look.LatestSince >= within;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
