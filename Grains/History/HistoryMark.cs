using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.History;

/// <summary>Which numbers of one line a resource's state answers for.</summary>
/// <param name="Kind">Name of the resource's kind.</param>
/// <param name="Uid">The epoch the line belongs to; not the resource's present one when <paramref name="IsCurrent"/> is false.</param>
/// <param name="Seq">The last number given.</param>
/// <param name="Days">See <see cref="Outbox.Days"/>.</param>
/// <param name="Waiting">Numbers that are not known to be stored, and those that a gap in the outbox accounts for.</param>
/// <param name="IsCurrent">Whether it is of the epoch that the resource is in now.</param>
/// <param name="IsReported">Whether the resource shows missing records now.</param>
internal sealed record HistoryMark(
    string Kind,
    ResourceKey Key,
    string Uid,
    int Line,
    long Seq,
    ImmutableArray<NumberedDay> Days,
    ImmutableArray<SeqRange> Waiting,
    bool IsCurrent,
    bool IsReported)
{
    /// <summary>How keys name the epoch.</summary>
    public string Resource { get; } = HistoryObject.Resource(Kind, Key.Namespace, Key.Name, Uid);

    /// <summary>How keys name the same epoch's or another's object under this name.</summary>
    public string ResourceOf(string uid) => HistoryObject.Resource(Kind, Key.Namespace, Key.Name, uid);

    /// <summary>The numbers whose records bear one of these days.</summary>
    public IEnumerable<(long From, long To)> Given(DateOnly first, DateOnly last)
    {
        for (var i = 0; i < Days.Length; i++)
        {
            var to = i + 1 < Days.Length ? Days[i + 1].FromSeq - 1 : Seq;
            if (Days[i].Day >= first && Days[i].Day <= last && Days[i].FromSeq <= to)
            {
                yield return (Days[i].FromSeq, to);
            }
        }
    }
}
