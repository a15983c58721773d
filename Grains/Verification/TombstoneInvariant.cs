using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>
/// The last record of an epoch that is over is its tombstone; an epoch that went on after one was revived, and is the one of its
/// resource.
/// </summary>
internal static class TombstoneInvariant
{
    private const string Name = "Tombstone";

    public static IEnumerable<Violation> Check(Snapshot seen)
    {
        if (seen.History is not { } history)
        {
            yield break;
        }

        var pending = seen.Pending;
        foreach (var epoch in history.Epochs.Keys.Union(pending.Select(of => of.Key)))
        {
            var row = seen.ByEpoch.GetValueOrDefault(epoch);
            if (row is { Phase: ResourcePhase.Active })
            {
                continue;
            }

            var stored = history.Epochs.GetValueOrDefault(epoch) ?? new EpochFacts();
            var tombstones = stored.Tombstones
                .Concat(pending[epoch].Where(entry => entry.Name.Record is RecordKind.Tombstone).Select(entry => (entry.Name.Line, entry.Name.Seq)))
                .ToList();
            var last = stored.Lines.Select(line => (line.Key, line.Value.Last))
                .Concat(pending[epoch].Select(entry => (entry.Name.Line, entry.Name.Seq)))
                .DefaultIfEmpty()
                .Max();
            if (last.Item1 > 0 && !tombstones.Contains(last))
            {
                yield return Broken(epoch, row, last, tombstones.Count > 0 ? tombstones.Max() : null);
            }
        }
    }

    private static Violation Broken(string epoch, RowFacts? row, (int Line, long Seq) last, (int Line, long Seq)? tombstone) => new(
        Name,
        row?.Resource.ToString() ?? epoch,
        $"{epoch} line {last.Line} number {last.Seq}",
        tombstone is { } at ? $"nothing after its tombstone, line {at.Line} number {at.Seq}, for it was not revived" : "a tombstone: the epoch is over",
        "another record",
        $"v1/history/*/*/resource={epoch}/*-{last.Line}-{last.Seq}-*");
}
