using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>Each version that was begun has exactly one <c>update</c> record, once its update ended and not before.</summary>
internal static class UpdateInvariant
{
    private const string Name = "Update";

    public static IEnumerable<Violation> Check(Snapshot seen) => seen.History is not { } history
        ? []
        : Twice(seen, history)
            .Concat(history.Epochs.SelectMany(epoch => Untold(epoch.Key, epoch.Value, seen, history)))
            .Concat(seen.Rows.SelectMany(row => OfRow(row, history)));

    private static IEnumerable<Violation> Twice(Snapshot seen, HistoryFacts history) =>
        from epoch in history.Epochs
        from twice in epoch.Value.ToldTwice
        where twice.Record is RecordKind.Update
        select Broken(seen.Who(epoch.Key), epoch.Key, twice.Run, "one record", "more than one");

    /// <summary>Versions that were planned, and of which nothing more is known.</summary>
    private static IEnumerable<Violation> Untold(string epoch, EpochFacts stored, Snapshot seen, HistoryFacts history)
    {
        if (stored.Plans.Count == 0)
        {
            yield break;
        }

        var told = seen.Pending[epoch]
            .Where(entry => entry.Name.Record is RecordKind.Update)
            .Select(entry => entry.Name.Run)
            .Append(seen.ByEpoch.GetValueOrDefault(epoch)?.Dataset?.Candidate)
            .ToHashSet();
        foreach (var (run, begun) in stored.Plans)
        {
            // What was begun before a store was restored, that store may know nothing of.
            var isForgotten = stored.Lines.Count > 0 && stored.Lines.Keys.Max() > 1 && begun < stored.NewestLineBegan;
            if (!told.Contains(run) && !stored.HasUpdateOf(run) && !isForgotten && !history.MayHaveExpired(epoch, DateOnly.FromDateTime(begun)))
            {
                yield return Broken(seen.Who(epoch), epoch, run, "its record, or still under way", "neither");
            }
        }
    }

    private static IEnumerable<Violation> OfRow(RowFacts row, HistoryFacts history)
    {
        if (row.Dataset is not { } dataset)
        {
            yield break;
        }

        if (dataset.Candidate is { } run && history.Epochs.GetValueOrDefault(row.Epoch)?.HasUpdateOf(run) == true)
        {
            yield return Broken(row.Resource.ToString(), row.Epoch, run, "no record: it is under way", "one");
        }

        foreach (var ended in dataset.Ended.Where(ended => row.Pending.All(entry => entry.Name != ended)))
        {
            if (history.Epochs.GetValueOrDefault(ended.Epoch)?.HasUpdateOf(ended.Run) != true && !history.MayHaveExpired(ended.Epoch, ended.Day))
            {
                yield return Broken(row.Resource.ToString(), row.Epoch, ended.Run, "its record: the row remembers its end", "none");
            }
        }
    }

    private static Violation Broken(string resource, string epoch, string run, string expected, string seen) => new(
        Name, resource, $"run {run}", expected, seen, $"v1/history/record=update/*/resource={epoch}/*-{run}.json.gz");
}
