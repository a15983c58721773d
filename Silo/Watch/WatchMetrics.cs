using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>How fresh the relay's view is, and what it cost to keep it so.</summary>
internal sealed class WatchMetrics
{
    public const string MeterName = "ClusterGrains.Watch";

    private readonly Counter<long> _relists;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _undecodable;
    private readonly Histogram<double> _lag;

    public WatchMetrics(IMeterFactory meters, WatchHealth health)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "clustergrains.watch.age",
            () => health.Ages().Select(a => new Measurement<double>(a.Age.TotalSeconds, Kind(a.Kind))),
            unit: "s",
            description: "Time since the last line of a kind's stalest watch, as far as this silo knows, wherever the relay lives.");
        _relists = meter.CreateCounter<long>(
            "clustergrains.watch.relists", unit: "1", description: "Lists that were completed, by why they were needed.");
        _reconnects = meter.CreateCounter<long>(
            "clustergrains.watch.reconnects", unit: "1", description: "Watches that ended, by how.");
        _deliveries = meter.CreateCounter<long>(
            "clustergrains.watch.deliveries", unit: "1", description: "Things told to grains, by what became of them.");
        _undecodable = meter.CreateCounter<long>(
            "clustergrains.watch.undecodable", unit: "1", description: "Objects that could not be read and were skipped.");
        _lag = meter.CreateHistogram<double>(
            "clustergrains.watch.lag",
            unit: "s",
            description: "Time from the line of a live edit to the grain having understood it.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30] });
    }

    public void Relisted(ResourceKind kind, RelistCause cause) => _relists.Add(1, Kind(kind.Name), new("cause", cause switch
    {
        RelistCause.Start => "start",
        RelistCause.Expired => "expired",
        RelistCause.Stuck => "stuck",
        _ => throw new UnreachableException($"{cause} has no metric name."),
    }));

    public void Ended(ResourceKind kind, WatchEnd end) => _reconnects.Add(1, Kind(kind.Name), new("cause", end switch
    {
        WatchEnd.Closed => "closed",
        WatchEnd.Silent => "silent",
        WatchEnd.Broken => "broken",
        WatchEnd.Refused => "refused",
        _ => throw new UnreachableException($"{end} has no metric name."),
    }));

    /// <param name="lag">Null when it was no live edit.</param>
    public void Delivered(ResourceKind kind, Delivery delivery, TimeSpan? lag)
    {
        Count(kind, What(delivery), "delivered");
        if (lag is { } elapsed)
        {
            _lag.Record(elapsed.TotalSeconds, Kind(kind.Name));
        }
    }

    public void DeliveryFailed(ResourceKind kind, Delivery delivery) => Count(kind, What(delivery), "failed");

    /// <summary>A live event that told the grain nothing new: mostly the echo of our own status writes.</summary>
    public void Skipped(ResourceKind kind) => Count(kind, "observe", "skipped");

    public void Undecodable(ResourceKind kind) => _undecodable.Add(1, Kind(kind.Name));

    private void Count(ResourceKind kind, string what, string outcome) => _deliveries.Add(
        1, Kind(kind.Name), new("delivery", what), new("outcome", outcome));

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);

    private static string What(Delivery delivery) => delivery switch
    {
        Delivery.Observe => "observe",
        Delivery.Deleted => "deleted",
        Delivery.Ask => "ask",
        _ => throw new UnreachableException($"{delivery} has no metric name."),
    };
}

/// <summary>Why a list was needed.</summary>
internal enum RelistCause
{
    Start,
    Expired,
    Stuck,
}

/// <summary>How a watch came to its end.</summary>
internal enum WatchEnd
{
    /// <summary>The server closed it, as it was asked to.</summary>
    Closed,

    /// <summary>No line came for too long.</summary>
    Silent,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>The server said no, by HTTP or in the stream.</summary>
    Refused,
}
