using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ClusterGrains.History;

/// <summary>
/// The records of one resource that are not known to be stored yet, oldest first, and the counter that numbers them.
/// Part of the grain's state: a record is added by the same write that makes it true, and removed after its PUT.
/// Pure; never changed in place.
/// </summary>
public sealed record Outbox
{
    /// <summary>What the entries may cost in the grain's state, in bytes: about a day of checks every 5 minutes.</summary>
    public const int Limit = 256 * 1024;

    /// <summary>A fold goes this far below <see cref="Limit"/>, so that not every record of an outage costs one.</summary>
    internal const int FoldTo = Limit / 4 * 3;

    /// <summary>More (a store that comes and goes for weeks) are widened to one range per line.</summary>
    internal const int MaxRanges = 64;

    /// <summary>A little more than the longest window of an audit: clocks of two silos may disagree around midnight.</summary>
    private const int MaxDays = 16;

    /// <summary>
    /// An API server that is restored from a copy brings back epochs that were over. With what is remembered they go on with a line
    /// of their own, however often that happens.
    /// </summary>
    private const int MaxFormer = 16;

    /// <summary>See <see cref="HistoryRecord.Line"/>.</summary>
    public int Line { get; init; } = 1;

    /// <summary>The last number given in <see cref="Line"/>; 0 before the first.</summary>
    public long Seq { get; init; }

    public ImmutableArray<OutboxEntry> Entries { get; init; } = [];

    /// <summary>
    /// The days of the newest numbers of <see cref="Line"/>, in the order of the numbers: where their objects lie. Null
    /// before the first, and in rows that were written before this was kept.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<NumberedDay>? Days { get; init; }

    /// <summary>The lines before <see cref="Line"/> under this name, the newest last; null for none, older ones are forgotten.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<FormerLine>? Former { get; init; }

    /// <summary>What the entries cost in the grain's state, in bytes.</summary>
    public int Size() => Entries.Sum(e => e.Size);

    /// <summary>
    /// Numbers, seals and appends a record. When that would exceed <see cref="Limit"/>, the oldest entries are first
    /// replaced by one gap record, which takes the number before.
    /// </summary>
    /// <remarks>
    /// Updates and tombstones are never folded, nor is the record being added; only they can push the outbox past its limit.
    /// A PUT in flight for a folded entry may still succeed: a gap lists what is <em>possibly</em> missing.
    /// </remarks>
    public Outbox Add(HistoryRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Record is RecordKind.Plan or RecordKind.Rejected)
        {
            throw new ArgumentException($"A record of kind {record.Record} takes no number; it is stored directly.", nameof(record));
        }

        var appended = Append(record);
        return appended.Size() <= Limit ? appended : Fold(appended.Entries[^1].Size, record).Append(record);
    }

    /// <summary>Without the entry of that key; unchanged when it is not there, for example because it was folded.</summary>
    public Outbox Without(string key) => this with { Entries = Entries.RemoveAll(e => e.Key == key) };

    /// <summary>For another uid under the same name: it inherits what is undelivered, and nothing else.</summary>
    /// <param name="uid">The one until now.</param>
    /// <param name="next">The one from now on. One that was there before begins a line that it never had.</param>
    public Outbox NextEpoch(string uid, string next)
    {
        var remembered = Remember(uid);
        return remembered with { Line = remembered.LastLine(next) + 1, Seq = 0, Days = null };
    }

    /// <summary>
    /// For a state that turned out to be older than what it had shown (a restored store): its next numbers may be taken.
    /// </summary>
    /// <param name="uid">The one that goes on.</param>
    /// <param name="seen">The highest line known to exist anywhere; 0 when nothing is known.</param>
    public Outbox NextLine(string uid, int seen = 0) =>
        Remember(uid) with { Line = Math.Max(Math.Max(Line, seen), LastLine(uid)) + 1, Seq = 0, Days = null };

    /// <summary>The highest line of an epoch before <see cref="Line"/>; 0 when none is remembered.</summary>
    private int LastLine(string uid) => (Former ?? []).Where(former => former.Uid == uid).Max(former => (int?)former.Line) ?? 0;

    private Outbox Remember(string uid) => Seq == 0
        ? this
        : this with { Former = [.. (Former ?? []).TakeLast(MaxFormer - 1), new FormerLine(uid, Line, Seq, Days ?? [])] };

    private Outbox Append(HistoryRecord record)
    {
        var numbered = record with { Line = Line, Seq = Seq + 1 };
        return this with { Seq = numbered.Seq, Entries = Entries.Add(HistoryObject.Seal(numbered)), Days = DaysWith(numbered) };
    }

    private ImmutableArray<NumberedDay> DaysWith(HistoryRecord record)
    {
        var (days, day) = (Days ?? [], DateOnly.FromDateTime(record.FinishedAt.UtcDateTime));
        return days is [.., var last] && last.Day == day ? days : [.. days.TakeLast(MaxDays - 1), new NumberedDay(day, record.Seq)];
    }

    /// <summary>Makes room for <paramref name="needed"/> bytes and for the gap record that accounts for it.</summary>
    private Outbox Fold(int needed, HistoryRecord cause)
    {
        var excess = Size() + needed - FoldTo;
        var folded = ImmutableArray.CreateBuilder<OutboxEntry>();
        foreach (var entry in Entries)
        {
            if (excess <= 0)
            {
                break;
            }

            if (entry.Record is not (RecordKind.Tombstone or RecordKind.Update))
            {
                folded.Add(entry);
                excess -= entry.Size;
            }
        }

        return folded.Count == 0 ? this : (this with { Entries = Entries.RemoveRange(folded) }).Append(Gap(folded, cause));
    }

    private static HistoryRecord Gap(IReadOnlyCollection<OutboxEntry> folded, HistoryRecord cause) => new()
    {
        Record = RecordKind.Gap,
        Target = cause.Target,
        StartedAt = cause.FinishedAt,
        FinishedAt = cause.FinishedAt,
        Outcome = "Folded",
        Reason = "OutboxFull",
        Missing = Ranges(folded),
    };

    private static ImmutableArray<SeqRange> Ranges(IReadOnlyCollection<OutboxEntry> folded)
    {
        var ranges = SeqRange.Union(folded.SelectMany(
            e => e.Missing.Add(new SeqRange(e.Uid, e.Line, e.Seq, e.Seq))));
        return ranges.Length <= MaxRanges
            ? ranges
            : [.. ranges.GroupBy(r => (r.Uid, r.Line)).Select(
                line => new SeqRange(line.Key.Uid, line.Key.Line, line.First().FromSeq, line.Last().ToSeq))];
    }
}
