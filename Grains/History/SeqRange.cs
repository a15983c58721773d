using System.Collections.Immutable;

namespace ClusterGrains.History;

/// <summary>Sequence numbers of one line of one uid, both ends included.</summary>
public sealed record SeqRange(string Uid, int Line, long FromSeq, long ToSeq)
{
    /// <summary>The same numbers in as few ranges as possible, ordered, none overlapping another.</summary>
    public static ImmutableArray<SeqRange> Union(IEnumerable<SeqRange> ranges)
    {
        var merged = new List<SeqRange>();
        var ordered = ranges.OrderBy(r => r.Uid, StringComparer.Ordinal).ThenBy(r => r.Line).ThenBy(r => r.FromSeq);
        foreach (var range in ordered)
        {
            if (merged.Count > 0 && merged[^1] is var last && last.SameLine(range) && range.FromSeq <= last.ToSeq + 1)
            {
                merged[^1] = last with { ToSeq = Math.Max(last.ToSeq, range.ToSeq) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    private bool SameLine(SeqRange other) => Uid == other.Uid && Line == other.Line;
}
