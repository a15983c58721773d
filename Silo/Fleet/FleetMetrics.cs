using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterGrains.Telemetry;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Fleet;

/// <summary>
/// The whole fleet in numbers, and those by name that need somebody most. Every silo exports the same: take the highest over the
/// silos, not the sum. Tag values are closed sets, but for the names, which are bounded.
/// </summary>
internal sealed class FleetMetrics
{
    public const string MeterName = "ClusterGrains.Fleet";

    /// <summary>What was counted longer ago is told no more: a silo that is cut off from the storage would hold it up for ever.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly int _mostNamed;

    // What was counted once is told again when it is 0.
    private readonly ConcurrentDictionary<(string Kind, string Phase, string Verdict), int> _verdicts = [];
    private readonly ConcurrentDictionary<(string Kind, string Verdict, string Reason), int> _reasons = [];
    private readonly ConcurrentDictionary<(string Kind, string Verdict), int> _unnamed = [];

    // The exporter keeps a place for each series that there ever was.
    private readonly HashSet<(string, string, string, string, string)> _everNamed = [];
    private IReadOnlyList<FleetTrouble> _named = [];
    private long _countedAt;

    public FleetMetrics(IMeterFactory meters, IOptions<TelemetryOptions> options, TimeProvider time)
    {
        (_time, _countedAt, _mostNamed) = (time, time.GetTimestamp(), options.Value.NamedResources);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "clustergrains.resources",
            () => Fresh(_verdicts).Select(one => new Measurement<int>(
                one.Value, new("kind", one.Key.Kind), new("phase", one.Key.Phase), new("verdict", one.Key.Verdict))),
            "{resource}",
            "Resources of the whole fleet by kind, phase of life and verdict (of a dataset its phase). The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.resources.reasons",
            () => Fresh(_reasons).Select(one => new Measurement<int>(
                one.Value, new("kind", one.Key.Kind), new("verdict", one.Key.Verdict), new("reason", one.Key.Reason))),
            "{resource}",
            "Resources of the whole fleet that need somebody, by kind, verdict and why. The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.resources.unnamed",
            () => Fresh(_unnamed).Select(one => new Measurement<int>(one.Value, new("kind", one.Key.Kind), new("verdict", one.Key.Verdict))),
            "{resource}",
            "Resources that need somebody and are not named by `clustergrains.resource.trouble`. The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.resource.trouble",
            () => Fresh(_named).Select(Tell),
            "s",
            "Time since a resource needs somebody, by its name, verdict and why: the most urgent `Telemetry:NamedResources`. The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.resources.age",
            () => Age.TotalSeconds,
            "s",
            "Time since this silo last counted the resources; before the first time, since its start. After 5 minutes it tells nothing of them any more.");
    }

    private TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _countedAt));

    /// <summary>Told by one caller at a time.</summary>
    public void Counted(FleetCount count)
    {
        var urgent = count.Troubles.OrderBy(one => one.Urgency).ThenBy(one => one.Since)
            .ThenBy(one => (one.Kind, one.Namespace, one.Name)).Take(_mostNamed).Where(HasPlace).ToArray();
        Take(_verdicts, count.Groups.Select(one => ((one.Key.Kind, one.Key.Phase, one.Key.Verdict), one.Value)));
        Take(_reasons, count.Troubles.Select(one => ((one.Kind, one.Verdict, one.Reason), 1)));
        Take(_unnamed, count.Troubles.Except(urgent).Select(one => ((one.Kind, one.Verdict), 1)));
        Volatile.Write(ref _named, urgent);
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

    private IEnumerable<T> Fresh<T>(IEnumerable<T> told) => Age <= MaxAge ? told : [];

    // A target of Prometheus has the label namespace already, which is the silos' own.
    private Measurement<double> Tell(FleetTrouble one) => new(
        Math.Max(0, (_time.GetUtcNow() - one.Since).TotalSeconds),
        new("kind", one.Kind),
        new("resource_namespace", one.Namespace),
        new("name", one.Name),
        new("verdict", one.Verdict),
        new("reason", one.Reason));

    private bool HasPlace(FleetTrouble one)
    {
        var series = (one.Kind, one.Namespace, one.Name, one.Verdict, one.Reason);
        return _everNamed.Contains(series) || (_everNamed.Count < TelemetryParts.MaxNamedSeries && _everNamed.Add(series));
    }
}
