using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// How long resources went without a completed check around an event: for each of them the longest time between two checks
/// that ends after the event and was due before the next one.
/// </summary>
/// <param name="Event">What happened.</param>
/// <param name="Excess">By how much the longest gap of each resource exceeded its interval, the shortest first.</param>
/// <param name="Promotions">Versions of datasets that were promoted until the next event.</param>
internal sealed record Gaps(FleetEvent Event, IReadOnlyList<TimeSpan> Excess, int Promotions)
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
                interval[checks.First().Target.Name],
                [.. checks.Select(check => check.FinishedAt).Order(), .. gone.Contains(checks.Key) ? (DateTimeOffset[])[] : [end]]))
            .ToList();
        return
        [
            .. events.Select((happened, at) =>
            {
                var next = at + 1 < events.Count ? events[at + 1].At : end;
                return new Gaps(
                    happened,
                    [.. resources.Select(resource => resource.Worst(happened.At, next)).OfType<TimeSpan>().Order()],
                    records.Count(record => record.Record is RecordKind.Update && Promoted.Contains(record.Outcome)
                        && record.FinishedAt >= happened.At && record.FinishedAt < next));
            }),
        ];
    }

    /// <summary>The excess that this share of the resources does not exceed.</summary>
    public TimeSpan Percentile(double share) =>
        Excess.Count == 0 ? TimeSpan.Zero : Excess[Math.Min(Excess.Count - 1, (int)(Excess.Count * share))];

    /// <summary>One resource: its interval, and when its checks were completed, in order.</summary>
    private sealed record Checked(TimeSpan Interval, DateTimeOffset[] Times)
    {
        public TimeSpan? Worst(DateTimeOffset from, DateTimeOffset to)
        {
            TimeSpan? worst = null;
            for (var at = 1; at < Times.Length; at++)
            {
                if (Times[at] > from && Times[at - 1] + Interval < to && (worst is null || Times[at] - Times[at - 1] - Interval > worst))
                {
                    worst = Times[at] - Times[at - 1] - Interval;
                }
            }

            return worst;
        }
    }
}
