using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Whether the double check is made, and what it finds.</summary>
internal sealed class SweepMetrics
{
    private readonly Counter<long> _drift;
    private readonly Histogram<double> _duration;

    public SweepMetrics(IMeterFactory meters, SweepHealth health)
    {
        var meter = meters.Create(WatchMetrics.MeterName);
        meter.CreateObservableGauge(
            "clustergrains.sweep.age",
            () => health.Ages().Select(a => new Measurement<double>(a.Age.TotalSeconds, new KeyValuePair<string, object?>("kind", a.Kind))),
            unit: "s",
            description: "Time since this silo's last complete sweep of a kind. The silos take turns: the least of all silos counts.");
        _drift = meter.CreateCounter<long>(
            "clustergrains.sweep.drift",
            unit: "{resource}",
            description: "Resources whose grain had lost touch with its object, by kind, drift and what became of the repair.");
        _duration = meter.CreateHistogram<double>(
            "clustergrains.sweep.duration",
            unit: "s",
            description: "Time of one sweep of a kind in one scope, the wait before a second look included, by kind and outcome.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 11, 15, 30, 60, 300] });
    }

    public void Repaired(ResourceKind kind, Drift drift) => Count(kind, drift, "repaired");

    public void NotRepaired(ResourceKind kind, Drift drift) => Count(kind, drift, "failed");

    public void Swept(ResourceKind kind, bool isComplete, TimeSpan elapsed) => _duration.Record(
        elapsed.TotalSeconds, new("kind", kind.Name), new("outcome", isComplete ? "complete" : "failed"));

    private void Count(ResourceKind kind, Drift drift, string outcome) => _drift.Add(
        1, new("kind", kind.Name), new("drift", Name(drift)), new("outcome", outcome));

    private static string Name(Drift drift) => drift switch
    {
        Drift.Missing => "missing",
        Drift.Changed => "changed",
        Drift.Gone => "gone",
        _ => throw new UnreachableException($"{drift} has no metric name."),
    };
}
