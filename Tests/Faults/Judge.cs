using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;

namespace ClusterGrains.Tests.Faults;

/// <summary>What must be true of a history whatever happened to the silos that wrote it.</summary>
internal static class Judge
{
    public static void Judged(IReadOnlyList<HistoryRecord> records, IReadOnlyCollection<string> openedRuns)
    {
        Unbroken.Assert(records);
        foreach (var epoch in records.GroupBy(record => record.Target.Uid))
        {
            Assert.Single(epoch, record => record.Record is RecordKind.Tombstone);
            Assert.Equal(RecordKind.Tombstone, epoch.MaxBy(record => (record.Line, record.Seq))!.Record);
        }

        var runs = records.Where(record => record.Record is RecordKind.Check).ToList();
        Assert.All(runs, run => Assert.Contains(run.Outcome, (string[])[RunOutcome.Completed, RunOutcome.Interrupted]));
        var told = runs.Select(run => run.RunId!).ToList();
        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.Empty(openedRuns.Except(told));
    }
}
