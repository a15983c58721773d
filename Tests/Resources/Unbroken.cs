using ClusterGrains.History;

namespace ClusterGrains.Tests.Resources;

/// <summary>The history's promise: each line of a uid is 1, 2, 3, … once each, and a gap explains what is missing.</summary>
internal static class Unbroken
{
    public static void Assert(IEnumerable<HistoryRecord> records)
    {
        var all = records.ToList();
        foreach (var line in all.GroupBy(record => (record.Target.Uid, record.Line)))
        {
            var explained = all.SelectMany(record => record.Missing ?? [])
                .Where(range => range.Uid == line.Key.Uid && range.Line == line.Key.Line)
                .SelectMany(range => Range(range.FromSeq, range.ToSeq))
                .ToHashSet();
            var stored = line.Select(record => record.Seq).Order().ToList();
            Xunit.Assert.Equal(stored.Distinct(), stored);
            var missing = Range(1, stored[^1]).Except(stored).Except(explained);
            Xunit.Assert.Empty(missing);
        }
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var number = from; number <= to; number++)
        {
            yield return number;
        }
    }
}
