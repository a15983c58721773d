using System.Collections.Immutable;

namespace ClusterGrains.History;

/// <summary>One record on its way: the key and the final bytes of its object, fixed before the first PUT.</summary>
/// <param name="Key">Relative to the store's prefix.</param>
/// <param name="Record">Decides whether the entry may be folded into a gap.</param>
/// <param name="Uid">The epoch it belongs to; a re-created resource still delivers what the old uid left.</param>
/// <param name="Line">See <see cref="HistoryRecord.Line"/>.</param>
/// <param name="Seq">See <see cref="HistoryRecord.Seq"/>.</param>
/// <param name="Missing">Gaps: what the record lists, so that a later gap can take it over; else empty.</param>
/// <param name="Body">Gzip of the record's JSON.</param>
public sealed record OutboxEntry(
    string Key,
    RecordKind Record,
    string Uid,
    int Line,
    long Seq,
    ImmutableArray<SeqRange> Missing,
    byte[] Body)
{
    /// <summary>About what the entry costs in the grain's state, in bytes: the body is base64 there.</summary>
    public int Size => Key.Length + Uid.Length + (Body.Length + 2) / 3 * 4 + 128 + (Missing.Length * 96);
}
