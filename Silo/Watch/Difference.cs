using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Watch;

/// <summary>One resource on which the API server and the index disagree.</summary>
/// <param name="Live">What the API server shows; null when it does not exist.</param>
/// <param name="Row">What the index shows; null when it knows nothing.</param>
internal sealed record Difference(Address Address, Stamp? Live, IndexRow? Row)
{
    public Drift Drift => Live is null ? Drift.Gone : IsActive(Row) ? Drift.Changed : Drift.Missing;

    /// <summary>What differs, to end the sentence "its grain …".</summary>
    public string Words => (Drift, Live, Row) switch
    {
        (Drift.Gone, _, _) => "still lives for an object that is gone",
        (Drift.Missing, _, null) => "has never heard of it",
        (Drift.Missing, _, { } row) => $"is {row.Phase} although the object exists",
        (_, { } live, { } row) when live.Uid != row.Uid => $"lives for uid {row.Uid}, the object's is {live.Uid}",
        (_, { } live, { } row) when live.Generation != row.Generation =>
            $"knows generation {row.Generation}, the object's is {live.Generation}",
        _ => "knows other annotations than the object has",
    };

    /// <summary>Null when both say the same. A grain that is retiring or has retired is right about what does not exist.</summary>
    public static Difference? Between(Address address, Stamp? live, IndexRow? row) =>
        (live is { } stamp ? row is not null && stamp.Matches(row) : !IsActive(row)) ? null : new Difference(address, live, row);

    /// <summary>
    /// Whether the grain has not moved since the earlier observation. One that has is being told right now; an object that
    /// is edited again and again is no excuse for one that has not.
    /// </summary>
    public bool HasLastedSince(Difference earlier) => Known(Row) == Known(earlier.Row);

    private static (string? Uid, long? Generation, string? Intent, string? Phase) Known(IndexRow? row) =>
        (row?.Uid, row?.Generation, row?.Intent, row?.Phase);

    private static bool IsActive(IndexRow? row) => row?.Phase == "Active";
}

/// <summary>In which way a grain has lost touch with its object.</summary>
internal enum Drift
{
    /// <summary>The object exists, and no grain lives for it.</summary>
    Missing,

    /// <summary>The object was edited, or created anew, and its grain does not know.</summary>
    Changed,

    /// <summary>The object does not exist any more, and its grain does not know.</summary>
    Gone,
}
