using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Fleet;

/// <summary>
/// The whole fleet in numbers. Every silo exports the same ones: take the highest over the silos, not the sum. Tag values
/// are closed sets: verdicts, phases and codes of findings.
/// </summary>
internal sealed class FleetMetrics
{
    public const string MeterName = "ClusterGrains.Fleet";

    private readonly TimeProvider _time;

    // What was counted once is told again when it is 0: a series that only stops would keep its last value.
    private readonly ConcurrentDictionary<(string Kind, string Phase, string Verdict), int> _verdicts = [];
    private readonly ConcurrentDictionary<(string Kind, string Reason), int> _unknown = [];
    private long _countedAt;

    public FleetMetrics(IMeterFactory meters, TimeProvider time)
    {
        (_time, _countedAt) = (time, time.GetTimestamp());
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "clustergrains.resources",
            () => _verdicts.Select(one => new Measurement<int>(
                one.Value, new("kind", one.Key.Kind), new("phase", one.Key.Phase), new("verdict", one.Key.Verdict))),
            "{resource}",
            "Resources of the whole fleet by kind, phase of life and verdict (of a dataset its phase). The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.resources.unknown",
            () => _unknown.Select(one => new Measurement<int>(one.Value, new("kind", one.Key.Kind), new("reason", one.Key.Reason))),
            "{resource}",
            "Resources of the whole fleet of which nothing fresh is known, by kind and why. The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.resources.age",
            () => time.GetElapsedTime(Volatile.Read(ref _countedAt)).TotalSeconds,
            "s",
            "Time since this silo last counted the resources; before the first time, since its start.");
    }

    public void Counted(FleetCount count)
    {
        Take(_verdicts, count.Groups.Select(one => ((one.Key.Kind, one.Key.Phase, one.Key.Verdict), one.Value)));
        Take(_unknown, count.Groups.Where(one => one.Key.Why is not null).Select(one => ((one.Key.Kind, one.Key.Why!), one.Value)));
        Volatile.Write(ref _countedAt, _time.GetTimestamp());
    }

    private static void Take<TKey>(ConcurrentDictionary<TKey, int> told, IEnumerable<(TKey Key, int Number)> groups)
        where TKey : notnull
    {
        var counted = groups.GroupBy(group => group.Key).ToDictionary(same => same.Key, same => same.Sum(group => group.Number));
        foreach (var key in told.Keys.Concat(counted.Keys))
        {
            told[key] = counted.GetValueOrDefault(key);
        }
    }
}
