using System.Globalization;
using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>
/// Each (uid, line, seq) is told once: by an object in the history, or one that still waits in an outbox, or a gap that says that it
/// was dropped. None is missing, and none is there that its row does not know of.
/// </summary>
/// <remarks>
/// A line that was left behind by a restored store is judged for what is there twice only: its end is known to nobody.
/// </remarks>
internal static class NumberInvariant
{
    private const string Name = "Number";

    public static IEnumerable<Violation> Check(Snapshot seen)
    {
        if (seen.History is not { } history)
        {
            return [];
        }

        var pending = seen.Pending;
        var explained = pending.SelectMany(of => of)
            .SelectMany(entry => entry.Missing.Select(range => (Epoch: entry.Name.EpochOf(range.Uid), Range: range, entry.Name.Day)))
            .ToLookup(one => one.Epoch);
        return history.Epochs.Keys.Union(pending.Select(of => of.Key)).Union(seen.ByEpoch.Keys)
            .SelectMany(epoch => OfEpoch(
                new Epoch(epoch, history.Epochs.GetValueOrDefault(epoch) ?? new EpochFacts(), seen.ByEpoch.GetValueOrDefault(epoch)),
                [.. pending[epoch]],
                [.. explained[epoch].Select(one => (one.Range.Line, one.Range.FromSeq, one.Range.ToSeq, one.Day))],
                seen));
    }

    private static IEnumerable<Violation> OfEpoch(
        Epoch epoch, PendingFacts[] pending, (int Line, long From, long To, DateOnly Day)[] explained, Snapshot seen)
    {
        foreach (var twice in epoch.Stored.Twice)
        {
            yield return Broken(epoch, twice.Line, twice.Seq.ToString(CultureInfo.InvariantCulture), "once", "more than once");
        }

        foreach (var twice in pending.GroupBy(entry => (entry.Name.Line, entry.Name.Seq)).Where(same => same.Count() > 1))
        {
            yield return Broken(
                epoch, twice.Key.Line, twice.Key.Seq.ToString(CultureInfo.InvariantCulture), "once", "more than once in the outbox");
        }

        var (row, newest) = (epoch.Row, NewestLine(epoch, pending));
        if (newest == 0)
        {
            yield break;
        }

        var there = Known(epoch, newest, pending, explained);
        var counter = row is null ? there.Last : row.Line == newest ? row.Seq : 0;
        if (there.Last > counter && !HasCaughtUp(epoch, newest, there.Last, seen))
        {
            yield return Broken(epoch, newest, "end", $"the row's counter, line {row?.Line} number {row?.Seq}", $"number {there.Last}");
        }

        var top = row?.Line == newest ? row.Seq : there.Last;
        foreach (var hole in there.Lacking(1, top, row?.LastDay ?? DateOnly.MaxValue).Where(hole => !IsExcused(epoch.Name, hole, there, seen.History!)))
        {
            yield return Broken(epoch, newest, hole.ToString(), "there, pending, or in a gap", "none of them");
        }
    }

    /// <summary>Whether the row, read after the history, knows the number.</summary>
    private static bool HasCaughtUp(Epoch epoch, int line, long number, Snapshot seen) =>
        seen.Later.TryGetValue(epoch.Row!.Resource, out var later)
        && (later.Epoch != epoch.Name || later.Line > line || (later.Line == line && later.Seq >= number));

    /// <summary>Records older than the window were not listed; those older than any that is left may have expired.</summary>
    private static bool IsExcused(string epoch, Hole hole, SeqSet there, HistoryFacts history) =>
        history.MayHaveExpired(epoch, hole.Before) || (history.Since is not null && hole.From == 1 && there.Last > 0);

    private static SeqSet Known(
        Epoch epoch, int line, PendingFacts[] pending, (int Line, long From, long To, DateOnly Day)[] explained)
    {
        var there = epoch.Stored.Lines.TryGetValue(line, out var stored) ? stored.Copy() : new SeqSet();
        foreach (var entry in pending.Where(entry => entry.Name.Line == line))
        {
            there.Add(entry.Name.Seq, entry.Name.Day);
        }

        foreach (var (range, day) in epoch.Stored.Explained.Where(one => one.Range.Line == line))
        {
            there.Add(range.FromSeq, range.ToSeq, day);
        }

        foreach (var (_, from, to, day) in explained.Where(one => one.Line == line))
        {
            there.Add(from, to, day);
        }

        return there;
    }

    private static int NewestLine(Epoch epoch, PendingFacts[] pending) =>
        epoch.Stored.Lines.Keys.Concat(pending.Select(entry => entry.Name.Line)).Append(epoch.Row?.Line ?? 0).Max();

    private static Violation Broken(Epoch epoch, int line, string number, string expected, string seen) => new(
        Name,
        epoch.Row?.Resource.ToString() ?? epoch.Name,
        $"{epoch.Name} line {line} number {number}",
        expected,
        seen,
        $"v1/history/*/*/resource={epoch.Name}/*-{line}-{number.Split(' ')[0]}-*");

    private sealed record Epoch(string Name, EpochFacts Stored, RowFacts? Row);
}
