using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>Each run that is to leave a record leaves exactly one, once it is over and not before.</summary>
internal static class RunInvariant
{
    private const string Name = "Run";

    public static IEnumerable<Violation> Check(Snapshot seen) => seen.History is not { } history
        ? []
        : Twice(seen, history)
            .Concat(seen.Rows.Where(row => row is { Damage: null, RecordsRuns: true }).SelectMany(row => OfRow(row, history)))
            .Concat(Opened(seen, history));

    private static IEnumerable<Violation> Twice(Snapshot seen, HistoryFacts history) =>
        from epoch in history.Epochs
        from twice in epoch.Value.ToldTwice
        where twice.Record is RecordKind.Check
        select Broken(seen.Who(epoch.Key), epoch.Key, twice.Run, "one record", "more than one");

    private static IEnumerable<Violation> OfRow(RowFacts row, HistoryFacts history)
    {
        var stored = history.Epochs.GetValueOrDefault(row.Epoch);
        if (row.Run is { } run && (IsPending(row, run) || stored?.HasCheckOf(run) == true))
        {
            yield return Broken(row.Resource.ToString(), row.Epoch, run, "no record: it is open", "one");
        }

        if (row.LastRun is { } last && !IsPending(row, last.RunId) && stored?.HasCheckOf(last.RunId) != true
            && !IsFolded(row, stored) && !history.MayHaveExpired(row.Epoch, DateOnly.FromDateTime(last.FinishedAt.UtcDateTime)))
        {
            yield return Broken(row.Resource.ToString(), row.Epoch, last.RunId, $"its record, {last.Outcome}", "none");
        }
    }

    private static IEnumerable<Violation> Opened(Snapshot seen, HistoryFacts history)
    {
        if (seen.Opened.Count == 0)
        {
            yield break;
        }

        var epochs = history.Epochs.Values.ToList();
        if (epochs.Exists(epoch => epoch.Explained.Count > 0) || seen.Pending.Any(of => of.Any(entry => entry.Missing.Length > 0)))
        {
            // Of a folded record nobody knows any more of which run it was.
            yield break;
        }

        var known = seen.Pending.SelectMany(of => of).Select(entry => entry.Name.Run)
            .Concat(seen.Rows.SelectMany(row => (string?[])[row.Run, row.Dataset?.Candidate]))
            .ToHashSet();
        foreach (var run in seen.Opened.Where(run => !known.Contains(run) && !epochs.Exists(epoch => epoch.HasCheckOf(run))))
        {
            yield return Broken("a run that was opened", "*", run, "its record, or still open", "neither");
        }
    }

    private static bool IsPending(RowFacts row, string run) =>
        row.Pending.Any(entry => entry.Name.Record is RecordKind.Check && entry.Name.Run == run);

    /// <summary>Of a folded record nobody knows any more of which run it was.</summary>
    private static bool IsFolded(RowFacts row, EpochFacts? stored) =>
        stored?.Explained.Count > 0 || row.Pending.Any(entry => entry.Missing.Length > 0);

    private static Violation Broken(string resource, string epoch, string run, string expected, string seen) => new(
        Name, resource, $"run {run}", expected, seen, $"v1/history/record=check/*/resource={epoch}/*-{run}.json.gz");
}
