using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Resources;

/// <summary>Counts what happens to resources, by kind. Tag values are closed sets.</summary>
internal sealed class ResourceMetrics
{
    public const string MeterName = "ClusterGrains.Resources";

    private readonly WatchdogMetrics _clocks;
    private readonly Histogram<double> _runs;
    private readonly Counter<long> _epochs;
    private readonly Counter<long> _doubts;
    private readonly Counter<long> _restores;
    private readonly Counter<long> _repairs;

    public ResourceMetrics(IMeterFactory meters, WatchdogMetrics clocks)
    {
        _clocks = clocks;
        var meter = meters.Create(MeterName);
        _runs = meter.CreateHistogram<double>(
            "clustergrains.run.duration",
            unit: "s",
            description: "Time from the start write of a run to the write that closed it, by kind and outcome.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
        _epochs = meter.CreateCounter<long>(
            "clustergrains.resource.epochs", "{epoch}", "Epochs begun, revived and retired, by kind and change.");
        _doubts = meter.CreateCounter<long>(
            "clustergrains.resource.doubts", "{read}", "Consistent reads made because events could not be ordered, by kind.");
        _restores = meter.CreateCounter<long>(
            "clustergrains.resource.restores", "{restore}", "States found older than their live status, by kind.");
        _repairs = meter.CreateCounter<long>(
            "clustergrains.resource.reminders", "{registration}", "Reminders registered because they were missing or had another period, by kind.");
    }

    public void RunClosed(ResourceKind kind, string outcome, TimeSpan elapsed)
    {
        _runs.Record(elapsed.TotalSeconds, new TagList { { "kind", kind.Name }, { "outcome", outcome } });
        if (outcome == RunOutcome.Completed)
        {
            _clocks.RunCompleted(kind);
        }
    }

    /// <param name="change"><c>begun</c>, <c>revived</c> or <c>retired</c>.</param>
    public void Epoch(ResourceKind kind, string change) =>
        _epochs.Add(1, new TagList { { "kind", kind.Name }, { "change", change } });

    public void Doubted(ResourceKind kind) => _doubts.Add(1, new TagList { { "kind", kind.Name } });

    public void Restored(ResourceKind kind) => _restores.Add(1, new TagList { { "kind", kind.Name } });

    public void ReminderRegistered(ResourceKind kind) => _repairs.Add(1, new TagList { { "kind", kind.Name } });
}
