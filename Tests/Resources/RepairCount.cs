using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

/// <summary>What the watchdog of one silo counts as repaired from now on.</summary>
internal sealed class RepairCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string?> _repairs = new();

    public RepairCount(IMeterFactory meters)
    {
        var ours = meters.Create(WatchdogMetrics.MeterName);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, ours) && instrument.Name == "clustergrains.watchdog.repairs")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _repairs.Enqueue((string?)tags[1].Value));
        _listener.Start();
    }

    public int Reminders => _repairs.Count(what => what == "reminder");

    public int Turns => _repairs.Count(what => what == "turn");

    public int Columns => _repairs.Count(what => what == "columns");

    public void Dispose() => _listener.Dispose();
}
