using ClusterGrains.Datasets;
using ClusterGrains.History;

namespace ClusterGrains.Tests.Faults;

/// <summary>The moments around every effect of an update, by name, roughly in the order in which an update comes by.</summary>
internal static class DatasetCrashPoint
{
    public const string Claiming = "ledger: claim the alias";
    public const string Planning = "ledger: plan a version";
    public const string Checkpoint = "ledger: remember the position";
    public const string Publishing = "ledger: remember what is published";
    public const string Ending = "ledger: end the update";

    public const string Simulate = "simulate an index";
    public const string Create = "create the index";
    public const string PointLoadAlias = "point the load alias";
    public const string Bulk = "bulk";
    public const string Configure = "configure the index";
    public const string BlockWrites = "block writes";
    public const string Refresh = "refresh";
    public const string Count = "count";
    public const string Search = "search";
    public const string Mark = "mark the index";
    public const string Swap = "swap the alias";
    public const string ReadBack = "read the alias back";
    public const string Delete = "delete an index";

    /// <summary>Of a version that is loaded while another is published and one more is past keeping.</summary>
    public static IEnumerable<string> All =>
    [
        .. CrashPoint.Around(
        [
            CrashPoint.Putting(RecordKind.Plan),
            Planning,
            Entering(UpdateStep.Create),
            Entering(UpdateStep.Load),
        ]),
        CrashPoint.After(Count),
        CrashPoint.After(Simulate),
        CrashPoint.After(Create),
        CrashPoint.After(PointLoadAlias),
        CrashPoint.Before(Bulk),
        CrashPoint.After(Bulk),
        CrashPoint.Nth(CrashPoint.After(Bulk), 3),
        .. CrashPoint.Around([CrashPoint.Putting(RecordKind.Rejected), Checkpoint, Entering(UpdateStep.Settle)]),
        CrashPoint.Nth(CrashPoint.After(PointLoadAlias), 2),
        CrashPoint.After(BlockWrites),
        CrashPoint.After(Refresh),
        CrashPoint.After(Configure),
        .. CrashPoint.Around([Entering(UpdateStep.Verify)]),
        CrashPoint.Nth(CrashPoint.After(Count), 2),
        CrashPoint.After(Search),
        .. CrashPoint.Around([Entering(UpdateStep.Approve), Entering(UpdateStep.Promote)]),
        .. CrashPoint.Around([Swap, ReadBack]),
        CrashPoint.After(Mark),
        .. CrashPoint.Around([Publishing, Delete, Ending, CrashPoint.Putting(RecordKind.Update), CrashPoint.Status]),
    ];

    public static string Entering(UpdateStep step) => $"ledger: enter {step}";

    /// <summary>What a write of the ledger is for; null when it is none of the above.</summary>
    public static string? Write(DatasetLedger before, DatasetLedger after) => (before.Candidate, after.Candidate) switch
    {
        _ when before.Claim is null && after.Claim is not null => Claiming,
        (null, not null) => Planning,
        (not null, null) => Ending,
        (not null, _) when before.Published?.Index != after.Published?.Index => Publishing,
        ({ } old, { } now) when old.Step != now.Step => Entering(now.Step),
        ({ } old, { } now) when old.Position != now.Position => Checkpoint,
        _ => null,
    };
}
