using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>The phase of a dataset and what explains it. Pure.</summary>
internal static class DatasetVerdict
{
    public const string AwaitingFirstLook = nameof(AwaitingFirstLook);
    public const string Suspended = nameof(Suspended);
    public const string Updating = nameof(Updating);
    public const string UpToDate = nameof(UpToDate);

    public static (DatasetPhase Phase, string Reason, string Message) Of(DatasetView view) => view switch
    {
        { Schedule: null } => (DatasetPhase.Unknown, DatasetCodes.SpecRefused, FirstProblem(view)),
        { Suspended: true } => (DatasetPhase.Suspended, Suspended, "spec.suspend is true; the source is not looked at."),
        { Ledger.ClaimedBy: { } owner } => (DatasetPhase.Waiting, DatasetCodes.AliasClaimed, Claimed(owner)),
        { IsStale: true } => Stale(view),
        { Waits: { Code: DatasetCodes.ApprovalPending } trouble } =>
            (DatasetPhase.AwaitingApproval, trouble.Code, trouble.Message),
        { Waits: { } trouble } => (DatasetPhase.Waiting, trouble.Code, trouble.Message),
        { Candidate: { Step: not UpdateStep.Prune } candidate } => OnItsWay(view, candidate),
        { Failed: { } failed } => (DatasetPhase.Failed, failed.Code, $"Version {failed.Version} is not let through: {failed.Message}"),
        { Ledger.Published: { } published } =>
            Worst(view, DatasetPhase.Promoted, UpToDate, $"Readers see version {published.Version} in index {published.Index}."),
        { Ledger.Look.Latest: null, Ledger.Look: not null } =>
            Worst(view, DatasetPhase.Pending, DatasetCodes.NothingPublished, "The source holds no complete version yet."),
        _ => (DatasetPhase.Pending, AwaitingFirstLook, ""),
    };

    public static string Claimed(string owner) =>
        $"The alias belongs to the dataset {owner}, which was created earlier; nothing is done here. Use another alias, or delete {owner}.";

    private static string FirstProblem(DatasetView view) =>
        view.State.Problems.IsDefaultOrEmpty ? "" : view.State.Problems[0].ToString();

    private static (DatasetPhase, string, string) Stale(DatasetView view) => (
        DatasetPhase.Unknown,
        view.Ledger.Blocked?.Code ?? DatasetCodes.SourceNotLookedAt,
        $"No look at the source succeeded since {ResourceStatus.Time(view.LookedAt!.Value)}. {view.Ledger.Blocked?.Message}".TrimEnd());

    private static DatasetPhase Phase(UpdateStep step) => step switch
    {
        UpdateStep.Plan => DatasetPhase.Planning,
        UpdateStep.Create => DatasetPhase.Creating,
        UpdateStep.Load => DatasetPhase.Loading,
        UpdateStep.Settle => DatasetPhase.Settling,
        UpdateStep.Verify => DatasetPhase.Verifying,
        UpdateStep.Approve => DatasetPhase.AwaitingApproval,
        _ => DatasetPhase.Promoting,
    };

    /// <summary>An update that stands still says so: nobody would look at one that is merely on its way.</summary>
    private static (DatasetPhase, string, string) OnItsWay(DatasetView view, Candidate candidate) =>
        view.State.Work.Findings.FirstOrDefault(open => open.Finding.Code is DatasetCodes.NoProgress)?.Finding is { } stuck
            ? (Phase(candidate.Step), stuck.Code, stuck.Message)
            : (Phase(candidate.Step), Updating, candidate.Kind is UpdateKind.Switch
                ? $"Version {candidate.Version} is promoted again; its index {candidate.Index} was kept."
                : $"Version {candidate.Version} is on its way in index {candidate.Index}.");

    /// <summary>Readers see good data, or there is none; what is worth a look all the same explains it.</summary>
    private static (DatasetPhase, string, string) Worst(DatasetView view, DatasetPhase phase, string reason, string message) =>
        view.State.Work.Findings.FirstOrDefault()?.Finding is { Severity: not Resources.Severity.Info } worst
            ? (phase, worst.Code, worst.Message)
            : (phase, reason, message);
}
