using System.Collections.Immutable;
using ClusterGrains.History;

namespace ClusterGrains.Fleet;

/// <summary>Which records of a resource are shown: those that ended from one second on and before another, the newest first.</summary>
internal sealed record HistoryQuery
{
    private const int UsualLimit = 100;
    private const int MaxLimit = 500;

    private static readonly TimeSpan UsualSpan = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxSpan = TimeSpan.FromDays(31);

    /// <summary>What clocks of silos may differ by: nothing that is there already is left out unasked.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Plans and rejected documents are left to those who may read the store: they hold what is in the data.
    /// </summary>
    private static readonly ImmutableSortedDictionary<string, RecordKind> Kinds = new Dictionary<string, RecordKind>
    {
        ["check"] = RecordKind.Check,
        ["gap"] = RecordKind.Gap,
        ["tombstone"] = RecordKind.Tombstone,
        ["transition"] = RecordKind.Transition,
        ["update"] = RecordKind.Update,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public ImmutableArray<RecordKind> Records { get; private init; }

    public int Limit { get; private init; }

    public HistoryPlace From { get; private init; }

    /// <summary>Not shown itself; where the page before ended, if there was one.</summary>
    public HistoryPlace Before { get; private init; }

    /// <summary>Whether this is the first page.</summary>
    public bool IsFirst { get; private init; }

    /// <summary>The query, and what is wrong with it: null when nothing is.</summary>
    public static (HistoryQuery Query, string? Problem) Read(IQueryCollection parameters, DateTimeOffset now)
    {
        var reading = new FleetParameters(parameters);
        var to = reading.Instant("to") ?? now + Ahead;
        var from = reading.Instant("from") ?? Earlier(to, UsualSpan);
        var records = reading.Words("record", [.. Kinds.Keys]);
        var limit = reading.Number("limit", UsualLimit, 1, MaxLimit);
        var reached = reading.Token("continue", HistoryPlace.Read);
        if (from >= to)
        {
            reading.Add($"from is {from:O} and to is {to:O}; from must be before to.");
        }
        else if (to - from > MaxSpan + Ahead)
        {
            reading.Add($"from is {from:O} and to is {to:O}; ask for at most {MaxSpan.TotalDays} days at once.");
        }

        var end = HistoryPlace.Of(to);
        var query = new HistoryQuery
        {
            Records = [.. Kinds.Where(kind => records.Count == 0 || records.Contains(kind.Key)).Select(kind => kind.Value)],
            Limit = limit,
            From = HistoryPlace.Of(from),
            Before = reached is { } place && place < end ? place : end,
            IsFirst = reached is null,
        };
        return (query, reading.Problem());
    }

    private static DateTimeOffset Earlier(DateTimeOffset instant, TimeSpan by) =>
        instant < DateTimeOffset.MinValue + by ? DateTimeOffset.MinValue : instant - by;
}
