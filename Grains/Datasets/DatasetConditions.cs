using System.Collections.Immutable;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using Saying = (string Type, string Status, string Reason, string Message);

namespace ClusterGrains.Datasets;

/// <summary>The conditions of a SearchDataset. Ready is what GitOps waits for: good data is published and kept current.</summary>
internal static class DatasetConditions
{
    private static readonly string[] ClusterAway =
    [
        DatasetCodes.ClusterNotFound, DatasetCodes.ClusterNotKnown, DatasetCodes.ClusterUnreachable, DatasetCodes.AnotherCluster,
    ];

    public static ImmutableArray<Condition> Of(DatasetView view)
    {
        var (accepted, source) = (Accepted(view), Source(view));
        return Condition.Merge(
            view.State.Conditions,
            Stamp(Ready(view, accepted, source)),
            Stamp(accepted),
            Stamp(source),
            Stamp(UpToDate(view)),
            Stamp(Progressing(view)),
            Stamp(view.State.HistoryWritten()));

        Condition Stamp(Saying said) => new(
            said.Type, said.Status, said.Reason, said.Message, view.Now, view.State.Manifest?.Generation ?? 0);
    }

    private static Saying Ready(DatasetView view, Saying accepted, Saying source) => view switch
    {
        _ when accepted.Status is not Condition.True => accepted with { Type = "Ready" },
        { Suspended: true } => ("Ready", Condition.False, DatasetVerdict.Suspended, "spec.suspend is true."),
        _ when source.Status is not Condition.True => source with { Type = "Ready" },
        { Ledger.Blocked: { } blocked } when ClusterAway.Contains(blocked.Code) =>
            ("Ready", Condition.False, blocked.Code, blocked.Message),
        { Ledger.Drift: not null } => ("Ready", Condition.False, DatasetCodes.AliasDrift, "The alias shows something else than was published."),
        { Ledger.Published: null } =>
            ("Ready", Condition.False, DatasetCodes.NothingPublished, view.State.Work.Message),
        { Ledger.Published: { } published } => ("Ready", Condition.True, "Published", $"Readers see version {published.Version}."),
    };

    private static Saying Accepted(DatasetView view) => view switch
    {
        { State.Problems.IsEmpty: false } => ("Accepted", Condition.False, DatasetCodes.SpecRefused, view.State.ProblemText()),
        { Ledger.ClaimedBy: { } owner } => ("Accepted", Condition.False, DatasetCodes.AliasClaimed, DatasetVerdict.Claimed(owner)),
        _ => ("Accepted", Condition.True, "SpecAccepted", ""),
    };

    private static Saying Source(DatasetView view) => view switch
    {
        { Suspended: true } => ("SourceReachable", Condition.Unknown, DatasetVerdict.Suspended, ""),
        { Ledger.Blocked: { Code: DatasetCodes.SourceUnreadable } blocked } =>
            ("SourceReachable", Condition.False, blocked.Code, blocked.Message),
        { IsStale: true } => ("SourceReachable", Condition.Unknown, DatasetCodes.SourceNotLookedAt, ""),
        { Ledger.Look: null } => ("SourceReachable", Condition.Unknown, DatasetVerdict.AwaitingFirstLook, ""),
        _ => ("SourceReachable", Condition.True, "SourceRead", ""),
    };

    private static Saying UpToDate(DatasetView view) => view switch
    {
        { Ledger.Look: null } => ("UpToDate", Condition.Unknown, DatasetVerdict.AwaitingFirstLook, ""),
        { IsStale: true } => ("UpToDate", Condition.Unknown, DatasetCodes.SourceNotLookedAt, ""),
        { ShowsWanted: true, Ledger.Published: { } published } =>
            ("UpToDate", Condition.True, "NewestPublished", $"Version {published.Version} is published."),
        { Wanted: null } => ("UpToDate", Condition.False, DatasetCodes.NothingPublished, "The source holds no complete version."),
        { Failed: { } failed } when failed.Version == view.Wanted =>
            ("UpToDate", Condition.False, failed.Code, $"Version {failed.Version} is not let through."),
        { Waits: { } waits } => ("UpToDate", Condition.False, waits.Code, $"Version {view.Wanted} waits."),
        _ => ("UpToDate", Condition.False, DatasetVerdict.Updating, $"Version {view.Wanted} is not published yet."),
    };

    private static Saying Progressing(DatasetView view) => view switch
    {
        { Suspended: true } => ("Progressing", Condition.False, DatasetVerdict.Suspended, "spec.suspend is true."),
        { Ledger.ClaimedBy: { } owner } => ("Progressing", Condition.False, DatasetCodes.AliasClaimed, DatasetVerdict.Claimed(owner)),
        { Waits: { } waits } => ("Progressing", Condition.False, waits.Code, waits.Message),
        { MakesNoProgress: true } =>
            ("Progressing", Condition.False, DatasetCodes.NoProgress, "The search cluster acknowledges nothing any more."),
        { Candidate: { } candidate } => ("Progressing", Condition.True, DatasetVerdict.Updating, $"Version {candidate.Version} is on its way."),
        { Failed: { } failed } => ("Progressing", Condition.False, failed.Code, failed.Message),
        _ => ("Progressing", Condition.True, "NothingToDo", ""),
    };
}
