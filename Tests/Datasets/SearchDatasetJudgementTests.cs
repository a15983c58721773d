using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Datasets;

/// <summary>From what a dataset remembers to what is said of it: phase, reason, findings, conditions.</summary>
public sealed class SearchDatasetJudgementTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Schedule Minutely =
        new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(7), TimeSpan.FromMinutes(3), Suspended: false);

    public static TheoryData<string, DatasetPhase, string, DatasetLedger> Phases => new()
    {
        { "before the first look", DatasetPhase.Pending, DatasetVerdict.AwaitingFirstLook, new DatasetLedger() },
        { "an empty source", DatasetPhase.Pending, DatasetCodes.NothingPublished, Looked(null) },
        { "a source that stays empty", DatasetPhase.Pending, DatasetCodes.NoNewVersion, new DatasetLedger { Look = Look(null, Now.AddDays(-2)) } },
        { "a forgotten marker", DatasetPhase.Pending, DatasetCodes.MarkerMissing, new DatasetLedger { Look = Look(null) with { Unmarked = "v1", UnmarkedSince = Now.AddMinutes(-10) } } },
        { "all well", DatasetPhase.Promoted, DatasetVerdict.UpToDate, Good() },
        { "a step", DatasetPhase.Planning, DatasetVerdict.Updating, Step(UpdateStep.Plan) },
        { "a step", DatasetPhase.Creating, DatasetVerdict.Updating, Step(UpdateStep.Create) },
        { "a step", DatasetPhase.Loading, DatasetVerdict.Updating, Step(UpdateStep.Load) },
        { "a step", DatasetPhase.Settling, DatasetVerdict.Updating, Step(UpdateStep.Settle) },
        { "a step", DatasetPhase.Verifying, DatasetVerdict.Updating, Step(UpdateStep.Verify) },
        { "a step", DatasetPhase.AwaitingApproval, DatasetVerdict.Updating, Step(UpdateStep.Approve) },
        { "a step", DatasetPhase.Promoting, DatasetVerdict.Updating, Step(UpdateStep.Promote) },
        { "a step that stands still", DatasetPhase.Loading, DatasetCodes.NoProgress, Moved(Now.AddMinutes(-5)) },
        { "readers see it already", DatasetPhase.Promoted, DatasetVerdict.UpToDate, Step(UpdateStep.Prune) },
        { "blocked", DatasetPhase.Waiting, DatasetCodes.DiskFull, Blocked(DatasetCodes.DiskFull, Step(UpdateStep.Load)) },
        { "a person", DatasetPhase.AwaitingApproval, DatasetCodes.ApprovalPending, Blocked(DatasetCodes.ApprovalPending, Step(UpdateStep.Approve)) },
        { "blocked before plan", DatasetPhase.Waiting, DatasetCodes.ClusterNotReady, Blocked(DatasetCodes.ClusterNotReady, Good() with { Look = Look("v2") }) },
        { "blocked before the first", DatasetPhase.Waiting, DatasetCodes.ClusterNotFound, Blocked(DatasetCodes.ClusterNotFound, new DatasetLedger()) },
        { "nothing to do anyway", DatasetPhase.Promoted, DatasetCodes.SourceUnreadable, Blocked(DatasetCodes.SourceUnreadable, Good()) },
        { "an older folder is left", DatasetPhase.Promoted, DatasetCodes.ClusterNotReady, Blocked(DatasetCodes.ClusterNotReady, Good() with { Look = Look("v0") }) },
        { "drift", DatasetPhase.Waiting, DatasetCodes.AliasDrift, Blocked(DatasetCodes.AliasDrift, Good()) },
        { "failed", DatasetPhase.Failed, DatasetCodes.Shrunk, Failed(Now, Good() with { Look = Look("v2") }) },
        { "rolled back since", DatasetPhase.Promoted, DatasetCodes.NoNewVersion, Failed(Now.AddDays(-3), Good() with { Look = Look("v1", Now.AddDays(-2)) }) },
        { "stale", DatasetPhase.Unknown, DatasetCodes.SourceNotLookedAt, Good() with { Look = Look("v1") with { At = Now.AddMinutes(-3) } } },
        { "stale during a load", DatasetPhase.Unknown, DatasetCodes.SourceNotLookedAt, Step(UpdateStep.Load) with { Look = Look("v2") with { At = Now.AddMinutes(-4) } } },
        { "stale and why", DatasetPhase.Unknown, DatasetCodes.SourceUnreadable, Blocked(DatasetCodes.SourceUnreadable, Good() with { Look = Look("v1") with { At = Now.AddHours(-1) } }) },
        { "never a look", DatasetPhase.Unknown, DatasetCodes.SourceUnreadable, Blocked(DatasetCodes.SourceUnreadable, new DatasetLedger(), since: Now.AddMinutes(-4)) },
        { "claimed", DatasetPhase.Waiting, DatasetCodes.AliasClaimed, new DatasetLedger { ClaimedBy = "prod/other" } },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_phase_and_its_reason_follow_from_what_is_remembered(string because, DatasetPhase phase, string reason, DatasetLedger ledger)
    {
        var judged = Judge(ledger);

        Assert.True((phase, reason) == (judged.Work.Phase, judged.Work.Reason), $"{because}: {judged.Work.Phase}, {judged.Work.Reason}: {judged.Work.Message}");
        Assert.True(phase is DatasetPhase.Pending || judged.Work.Message.Length > 0, "No word of explanation.");
    }

    [Fact]
    public void Suspended_is_a_phase_whatever_else_holds()
    {
        var judged = Judge(Blocked(DatasetCodes.DiskFull, Step(UpdateStep.Load)), schedule: Minutely with { Suspended = true });

        Assert.Equal(DatasetPhase.Suspended, judged.Work.Phase);
        Assert.Equal(("False", DatasetVerdict.Suspended), Condition(judged, "Ready"));
    }

    [Fact]
    public void Without_an_accepted_spec_the_problem_is_the_reason()
    {
        var problem = new SpecProblem("spec.alias", "X", "Write it in lower case.");
        var judged = SearchDatasetJudgement.Of(State(new DatasetLedger()) with { Problems = [problem] }, null, null, Now);

        Assert.Equal((DatasetPhase.Unknown, DatasetCodes.SpecRefused, problem.ToString()), (judged.Work.Phase, judged.Work.Reason, judged.Work.Message));
        Assert.Equal(("False", DatasetCodes.SpecRefused), Condition(judged, "Accepted"));
    }

    public static TheoryData<string, Severity, DatasetLedger> Found => new()
    {
        { DatasetCodes.AliasClaimed, Severity.Critical, new DatasetLedger { ClaimedBy = "prod/other" } },
        { DatasetCodes.AliasDrift, Severity.Critical, Good() with { Drift = new AliasDrift("other", Now) } },
        { DatasetCodes.DiskFull, Severity.Warning, Blocked(DatasetCodes.DiskFull, Step(UpdateStep.Load)) },
        { DatasetCodes.ApprovalPending, Severity.Info, Blocked(DatasetCodes.ApprovalPending, Step(UpdateStep.Approve)) },
        { DatasetCodes.Shrunk, Severity.Warning, Failed(Now, Good()) },
        { DatasetCodes.SameFailure, Severity.Warning, Failed(Now, Good(), count: 3) },
        { DatasetCodes.SameFailure, Severity.Warning, Blocked(DatasetCodes.ClusterNotReady, Step(UpdateStep.Plan), count: 3) },
        { DatasetCodes.NoProgress, Severity.Warning, Moved(Now.AddMinutes(-5)) },
        { DatasetCodes.DocumentsRejected, Severity.Warning, Rejected() },
        { DatasetCodes.NoNewVersion, Severity.Warning, Good() with { Look = Look("v1", Now.AddHours(-24)) } },
        { DatasetCodes.SourceNotLookedAt, Severity.Warning, Good() with { Look = Look("v1") with { At = Now.AddMinutes(-3) } } },
        { DatasetCodes.MarkerMissing, Severity.Warning, Good() with { Look = Look("v1") with { Unmarked = "v2", UnmarkedSince = Now.AddMinutes(-10) } } },
        { DatasetCodes.NothingPublished, Severity.Info, Looked(null) },
        { DatasetCodes.OrphanIndices, Severity.Info, Good() with { Orphans = ["products-v0-1"] } },
        { "Noted", Severity.Warning, Good() with { Notes = [new Finding { Code = "Noted", Severity = Severity.Warning, Message = "x" }] } },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void What_is_wrong_is_found(string code, Severity severity, DatasetLedger ledger)
    {
        var open = Assert.Single(Judge(ledger).Work.Findings, open => open.Finding.Code == code);

        Assert.Equal(severity, open.Finding.Severity);
        Assert.NotEmpty(open.Finding.Message);
    }

    public static TheoryData<string, DatasetLedger> NotFound => new()
    {
        { DatasetCodes.SameFailure, Failed(Now, Good(), count: 2) },
        { DatasetCodes.SameFailure, Blocked(DatasetCodes.ApprovalPending, Step(UpdateStep.Approve), count: 99) },
        { DatasetCodes.SameFailure, Blocked(DatasetCodes.Queued, Step(UpdateStep.Plan), count: 99) },
        { DatasetCodes.NoProgress, Moved(Now.AddSeconds(-299)) },
        { DatasetCodes.NoProgress, Step(UpdateStep.Settle) },
        { DatasetCodes.NoNewVersion, Good() with { Look = Look("v1", Now.AddHours(-23)) } },
        { DatasetCodes.MarkerMissing, Good() with { Look = Look("v1") with { Unmarked = "v2", UnmarkedSince = Now.AddMinutes(-9) } } },
        { DatasetCodes.SourceNotLookedAt, Good() with { Look = Look("v1") with { At = Now.AddSeconds(-179) } } },
        { DatasetCodes.Shrunk, Failed(Now.AddDays(-3), Good()) },
    };

    [Theory]
    [MemberData(nameof(NotFound))]
    public void What_is_not_wrong_yet_is_not_found(string code, DatasetLedger ledger) =>
        Assert.DoesNotContain(Judge(ledger).Work.Findings, open => open.Finding.Code == code);

    [Fact]
    public void The_worst_comes_first_and_what_was_open_keeps_its_beginning()
    {
        var first = Judge(Rejected() with { Orphans = ["o"] }, now: Now.AddSeconds(-30));
        var ledger = Rejected() with { Orphans = ["o"], Drift = new AliasDrift("other", Now) };
        var second = SearchDatasetJudgement.Of(first with { Work = first.Work with { Ledger = ledger } }, Spec, Minutely, Now);

        Assert.Equal(
            [DatasetCodes.AliasDrift, DatasetCodes.DocumentsRejected, DatasetCodes.OrphanIndices],
            second.Work.Findings.Select(open => open.Finding.Code));
        Assert.Equal([Now, Now.AddSeconds(-30), Now.AddSeconds(-30)], second.Work.Findings.Select(open => open.Since));
    }

    [Fact]
    public void A_load_that_goes_on_changes_no_word_but_its_numbers()
    {
        static string Words(ResourceState<SearchDatasetWork> state) => string.Join(
            '\n', state.Work.Findings.Select(open => open.ToString()).Append(state.Work.Message).Concat(state.Conditions.Select(c => c.ToString())));
        var before = Judge(Rejected());
        var candidate = before.Work.Ledger.Candidate!;
        var moved = candidate with { Counts = candidate.Counts with { Acked = 999, Rejected = 9, SourceBytes = 999 }, MovedAt = Now };

        var after = SearchDatasetJudgement.Of(
            before with { Work = before.Work with { Ledger = before.Work.Ledger with { Candidate = moved } } }, Spec, Minutely, Now.AddSeconds(5));

        Assert.Equal(Words(before), Words(after));
        Assert.Same(before.LastKey, after.LastKey);
    }

    [Theory]
    [InlineData("Ready", "True", "Published")]
    [InlineData("Accepted", "True", "SpecAccepted")]
    [InlineData("SourceReachable", "True", "SourceRead")]
    [InlineData("UpToDate", "True", "NewestPublished")]
    [InlineData("Progressing", "True", "NothingToDo")]
    [InlineData("HistoryWritten", "True", "AllWritten")]
    public void In_good_times_every_condition_is_true(string type, string status, string reason) =>
        Assert.Equal((status, reason), Condition(Judge(Good()), type));

    public static TheoryData<string, string, string, DatasetLedger> Conditions => new()
    {
        { "Ready", "False", DatasetCodes.NothingPublished, Looked(null) },
        { "Ready", "False", DatasetCodes.ClusterUnreachable, Blocked(DatasetCodes.ClusterUnreachable, Good()) },
        { "Ready", "False", DatasetCodes.AliasDrift, Good() with { Drift = new AliasDrift("", Now) } },
        { "Ready", "Unknown", DatasetCodes.SourceNotLookedAt, Good() with { Look = Look("v1") with { At = Now.AddHours(-1) } } },
        { "Ready", "True", "Published", Failed(Now, Good()) },
        { "Ready", "True", "Published", Blocked(DatasetCodes.DiskFull, Step(UpdateStep.Load)) },
        { "Accepted", "False", DatasetCodes.AliasClaimed, new DatasetLedger { ClaimedBy = "prod/other" } },
        { "SourceReachable", "False", DatasetCodes.SourceUnreadable, Blocked(DatasetCodes.SourceUnreadable, Good()) },
        { "SourceReachable", "Unknown", DatasetVerdict.AwaitingFirstLook, new DatasetLedger() },
        { "UpToDate", "False", DatasetVerdict.Updating, Step(UpdateStep.Load) },
        { "UpToDate", "True", "NewestPublished", Good() with { Look = Look("v0") } },
        { "UpToDate", "False", DatasetVerdict.Updating, Good() with { Look = Look("v10") } },
        { "UpToDate", "True", "NewestPublished", Good() with { Look = Look("v10"), HeldUpTo = "v10" } },
        { "UpToDate", "False", DatasetCodes.DiskFull, Blocked(DatasetCodes.DiskFull, Step(UpdateStep.Load)) },
        { "UpToDate", "False", DatasetCodes.Shrunk, Failed(Now, Good() with { Look = Look("v2") }) },
        { "Progressing", "True", DatasetVerdict.Updating, Step(UpdateStep.Load) },
        { "Progressing", "False", DatasetCodes.NoProgress, Moved(Now.AddMinutes(-6)) },
        { "Progressing", "False", DatasetCodes.DiskFull, Blocked(DatasetCodes.DiskFull, Step(UpdateStep.Load)) },
        { "Progressing", "False", DatasetCodes.Shrunk, Failed(Now, Good() with { Look = Look("v2") }) },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_says_what_holds_and_why(string type, string status, string reason, DatasetLedger ledger) =>
        Assert.Equal((status, reason), Condition(Judge(ledger), type));

    [Fact]
    public void A_pin_to_an_older_version_is_not_up_to_date_before_readers_see_it()
    {
        var pinned = SearchDatasetJudgement.Of(
            State(Good()), Spec with { Rollout = new RolloutSpec { Pin = "v0" } }, Minutely, Now);

        Assert.Equal(("False", DatasetVerdict.Updating), Condition(pinned, "UpToDate"));
    }

    [Fact]
    public void A_change_of_phase_is_a_record_and_its_repetition_is_none()
    {
        var judged = Judge(Good());
        var again = SearchDatasetJudgement.Of(judged, Spec, Minutely, Now.AddSeconds(1));

        var record = HistoryObject.Open(Assert.Single(again.Outbox.Entries).Body);
        Assert.Equal((RecordKind.Transition, "Unknown", "Promoted", DatasetVerdict.UpToDate), (record.Record, record.From, record.To, record.Reason));
        Assert.Equal("uuid-1", record.Target.ClusterUuid);
    }

    private static SearchDatasetSpec Spec { get; } = DatasetSpecs.Read(
        """
        {"clusterRef":{"name":"search"},"alias":"products","source":{"uri":"file:///data/products","expectNewWithin":"24h"}}
        """,
        TimeSpan.Zero).Spec!;

    private static ResourceState<SearchDatasetWork> Judge(DatasetLedger ledger, Schedule? schedule = null, DateTimeOffset? now = null) =>
        SearchDatasetJudgement.Of(State(ledger), Spec, schedule ?? Minutely, now ?? Now);

    private static ResourceState<SearchDatasetWork> State(DatasetLedger ledger) => new()
    {
        Kind = "SearchDataset",
        Phase = ResourcePhase.Active,
        Manifest = new Manifest
        {
            Namespace = "prod",
            Name = "products",
            Uid = "7c7fa3a6-2b0f-4a57-9f0b-2f5c3d1e0001",
            Generation = 1,
            ResourceVersion = "1",
            CreatedAt = Now,
            Spec = "{}",
        },
        Work = new SearchDatasetWork { Ledger = ledger },
    };

    private static SourceLook Look(string? latest, DateTimeOffset? since = null) => new(Now, latest, since ?? Now, 1);

    private static DatasetLedger Looked(string? latest) => new() { ClusterUuid = "uuid-1", Look = Look(latest) };

    private static DatasetLedger Good() => Looked("v1") with { Published = Ledgers.Published(at: Now.AddDays(-1)) };

    private static DatasetLedger Step(UpdateStep step) => Moved(Now) with { Candidate = Moved(Now).Candidate! with { Step = step } };

    private static DatasetLedger Moved(DateTimeOffset at) =>
        Good() with { Look = Look("v2"), Candidate = Ledgers.Candidate("run") with { MovedAt = at } };

    private static DatasetLedger Rejected() => Moved(Now) with { Candidate = Moved(Now).Candidate! with { Counts = new LoadCounts { Rejected = 1 } } };

    private static DatasetLedger Blocked(string code, DatasetLedger ledger, int count = 1, DateTimeOffset? since = null) =>
        ledger with { Blocked = new Trouble(code, "It cannot go on.", since ?? Now, count) };

    private static DatasetLedger Failed(DateTimeOffset at, DatasetLedger ledger, int count = 1) =>
        ledger with { Failed = new FailedVersion("v2", "f2", 1, DatasetCodes.Shrunk, "Too few.", at, count, null) };

    private static (string, string) Condition(ResourceState<SearchDatasetWork> state, string type)
    {
        var condition = state.Conditions.Single(one => one.Type == type);
        return (condition.Status, condition.Reason);
    }
}
