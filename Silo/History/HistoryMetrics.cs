using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.History;

/// <summary>Measures PUTs of history objects.</summary>
internal sealed class HistoryMetrics
{
    public const string MeterName = OutboxMetrics.MeterName;

    private readonly TimeProvider _time;
    private readonly Histogram<double> _duration;
    private long _lastSuccess;

    public HistoryMetrics(IMeterFactory meters, TimeProvider time)
    {
        (_time, _lastSuccess) = (time, time.GetTimestamp());
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "clustergrains.history.put.age",
            () => _time.GetElapsedTime(Volatile.Read(ref _lastSuccess)).TotalSeconds,
            "s",
            "Time since the store last took a history object of this silo; before the first, since the silo's start.");
        _duration = meter.CreateHistogram<double>(
            "clustergrains.history.put.duration",
            unit: "s",
            description: "Time of one PUT of a history object, waiting for its turn included.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    public void Put(PutOutcome outcome, TimeSpan elapsed)
    {
        if (outcome is not PutOutcome.Different)
        {
            Volatile.Write(ref _lastSuccess, _time.GetTimestamp());
        }

        Record(elapsed, outcome switch
        {
            PutOutcome.Created => "created",
            PutOutcome.AlreadyThere => "already_there",
            PutOutcome.Different => "different",
            _ => throw new UnreachableException($"Outcome {outcome} has no metric name."),
        });
    }

    /// <summary>The store said no, or nothing in time.</summary>
    public void Failed(TimeSpan elapsed) => Record(elapsed, "failed");

    /// <summary>Not even tried: the store is known to be away, or too many PUTs wait already.</summary>
    public void Refused(TimeSpan elapsed) => Record(elapsed, "refused");

    private void Record(TimeSpan elapsed, string outcome) =>
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
