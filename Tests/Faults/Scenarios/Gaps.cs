using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// How long resources went without a completed check around an event: for each of them the longest time between two checks
/// that ends after the event and was due before the next one.
/// </summary>
/// <param name="Event">What happened.</param>
/// <param name="Excess">By how much the longest gap of each resource exceeded its interval, the shortest first.</param>
/// <param name="Slowest">The records of the resource with the longest one, from the check before it to the check after it.</param>
/// <param name="Promotions">Versions of datasets that were promoted until the next event.</param>
internal sealed record Gaps(FleetEvent Event, IReadOnlyList<TimeSpan> Excess, IReadOnlyList<HistoryRecord> Slowest, int Promotions)
{
    private static readonly string[] Promoted = ["Promoted", "RolledBack"];

    /// <param name="interval">Of a resource, by its name.</param>
    /// <param name="end">When the last event's time is over.</param>
    public static IReadOnlyList<Gaps> Of(
        IReadOnlyList<HistoryRecord> records, IReadOnlyList<FleetEvent> events, IReadOnlyDictionary<string, TimeSpan> interval, DateTimeOffset end)
    {
        var gone = records.Where(record => record.Record is RecordKind.Tombstone).Select(record => record.Target.Uid).ToHashSet();
        var resources = records
            .Where(record => record is { Record: RecordKind.Check, Outcome: RunOutcome.Completed } && interval.ContainsKey(record.Target.Name))
            .GroupBy(record => record.Target.Uid)
            .Select(checks => new Checked(
                checks.Key,
                interval[checks.First().Target.Name],
                [.. checks.Select(check => check.FinishedAt).Order(), .. gone.Contains(checks.Key) ? (DateTimeOffset[])[] : [end]]))
            .ToList();
        return
        [
            .. events.Select((happened, at) =>
            {
                var next = at + 1 < events.Count ? events[at + 1].At : end;
                var gaps = resources.Select(resource => resource.Worst(happened.At, next)).OfType<Gap>().OrderBy(gap => gap.Excess).ToList();
                return new Gaps(
                    happened,
                    [.. gaps.Select(gap => gap.Excess)],
                    gaps is [.., var slowest] ? [.. records.Where(slowest.Holds).OrderBy(record => record.FinishedAt)] : [],
                    records.Count(record => record.Record is RecordKind.Update && Promoted.Contains(record.Outcome)
                        && record.FinishedAt >= happened.At && record.FinishedAt < next));
            }),
        ];
    }

    /// <summary>The excess that this share of the resources does not exceed.</summary>
    public TimeSpan Percentile(double share) =>
        Excess.Count == 0 ? TimeSpan.Zero : Excess[Math.Min(Excess.Count - 1, (int)(Excess.Count * share))];

    /// <summary>One resource: its interval, and when its checks were completed, in order.</summary>
    private sealed record Checked(string Uid, TimeSpan Interval, DateTimeOffset[] Times)
    {
        public Gap? Worst(DateTimeOffset from, DateTimeOffset to)
        {
            Gap? worst = null;
            for (var at = 1; at < Times.Length; at++)
            {
                var gap = new Gap(Uid, Times[at - 1], Times[at], Interval);
                if (gap.To > from && gap.From + Interval < to && (worst is null || gap.Excess > worst.Excess))
                {
                    worst = gap;
                }
            }

            return worst;
        }
    }
    private sealed record Gap(string Uid, DateTimeOffset From, DateTimeOffset To, TimeSpan Interval)
    {
        public TimeSpan Excess => To - From - Interval;

        public bool Holds(HistoryRecord record) => record.Target.Uid == Uid && record.FinishedAt >= From && record.FinishedAt <= To;
    }
}
