using System.Diagnostics.Metrics;

namespace ClusterGrains.History;

/// <summary>How many records wait in the outboxes of the grains that are active in this silo.</summary>
internal sealed class OutboxMetrics
{
    public const string MeterName = "ClusterGrains.History";

    private readonly UpDownCounter<long> _pending;

    public OutboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _pending = meter.CreateUpDownCounter<long>(
            "clustergrains.history.pending",
            "{record}",
            "Records in the outboxes of this silo's active grains that are not known to be in the store.");
    }

    public void Pending(int change)
    {
        if (change != 0)
        {
            _pending.Add(change);
        }
    }
}
