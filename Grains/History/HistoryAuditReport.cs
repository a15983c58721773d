using System.Collections.Immutable;

namespace ClusterGrains.History;

/// <summary>What one audit found.</summary>
/// <param name="From">The first day whose numbers were judged.</param>
/// <param name="To">The last one.</param>
/// <param name="Numbers">How many numbers were judged.</param>
/// <param name="Holes">Lines of which some are neither stored, nor waiting, nor in a gap.</param>
/// <param name="Whole">Lines of which all are there, though their resource shows that some are not.</param>
/// <param name="Unread">States that cannot be read, so that nobody knows which numbers they gave.</param>
internal sealed record HistoryAuditReport(
    DateOnly From, DateOnly To, long Numbers, ImmutableArray<HistoryHole> Holes, ImmutableArray<HistoryMark> Whole, int Unread)
{
    public long Missing => Holes.Sum(hole => hole.Count);
}

/// <param name="Ranges">Of one line; at least one.</param>
internal sealed record HistoryHole(HistoryMark Mark, ImmutableArray<SeqRange> Ranges)
{
    public long Count => Ranges.Sum(range => range.ToSeq - range.FromSeq + 1);
}
