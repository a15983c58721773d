using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.History;

/// <summary>Measures PUTs of history objects.</summary>
internal sealed class HistoryMetrics
{
    public const string MeterName = "ClusterGrains.History";

    private readonly Histogram<double> _duration;

    public HistoryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "clustergrains.history.put.duration",
            unit: "s",
            description: "Time of one PUT of a history object, waiting for its turn included.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    public void Put(PutOutcome outcome, TimeSpan elapsed) => Record(elapsed, outcome switch
    {
        PutOutcome.Created => "created",
        PutOutcome.AlreadyThere => "already_there",
        PutOutcome.Different => "different",
        _ => throw new UnreachableException($"Outcome {outcome} has no metric name."),
    });

    /// <summary>The store said no, or nothing in time.</summary>
    public void Failed(TimeSpan elapsed) => Record(elapsed, "failed");

    /// <summary>Not even tried: the store is known to be away, or too many PUTs wait already.</summary>
    public void Refused(TimeSpan elapsed) => Record(elapsed, "refused");

    private void Record(TimeSpan elapsed, string outcome) =>
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
