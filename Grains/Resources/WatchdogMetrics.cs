using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Resources;

/// <summary>
/// Who watches the watchdog: when it last got through, and what it found; and when anything last ran at all. Ages begin with
/// the process, so that one that grows is never mistaken for one that is not there.
/// </summary>
internal sealed class WatchdogMetrics
{
    public const string MeterName = "ClusterGrains.Watchdog";

    private readonly TimeProvider _time;
    private readonly Counter<long> _repairs;
    private readonly Counter<long> _failures;
    private readonly ConcurrentDictionary<string, long> _runs;
    private long _round;
    private long _audit;
    private int _late;
    private int _damaged;
    private int _strange;

    public WatchdogMetrics(IMeterFactory meters, TimeProvider time, IEnumerable<ResourceKind> kinds)
    {
        _time = time;
        _round = _audit = Now;
        _runs = new(kinds.Select(kind => KeyValuePair.Create(kind.Name, Now)));
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "clustergrains.watchdog.age", () => RoundAge.TotalSeconds, "s", "Time since this silo last looked for late resources and tried to wake them all.");
        meter.CreateObservableGauge(
            "clustergrains.watchdog.audit.age", () => AuditAge.TotalSeconds, "s", "Time since this silo last compared all reminders with the index; the silos take turns.");
        meter.CreateObservableGauge(
            "clustergrains.watchdog.late", () => Late, "{resource}", "Resources that were late when the last round began; 1000 stands for that and more.");
        meter.CreateObservableGauge(
            "clustergrains.watchdog.damaged", () => Damaged, "{resource}", "Resources whose stored state this silo found unreadable, and not readable again since.");
        meter.CreateObservableGauge(
            "clustergrains.watchdog.reminders.unknown", () => UnknownReminders, "{reminder}", "Reminders of grains that this version does not know, in this silo's last comparison. They are left alone.");
        meter.CreateObservableGauge(
            "clustergrains.run.age",
            () => _runs.Select(last => new Measurement<double>(Age(last.Value).TotalSeconds, new KeyValuePair<string, object?>("kind", last.Key))),
            "s",
            "Time since this silo last completed a run, or began, by kind.");
        _repairs = meter.CreateCounter<long>(
            "clustergrains.watchdog.repairs", "{repair}", "What had to be put right, by kind and what.");
        _failures = meter.CreateCounter<long>(
            "clustergrains.watchdog.failures", "{resource}", "Resources that could not be woken although their state is readable, by kind.");
    }

    public TimeSpan RoundAge => Age(Volatile.Read(ref _round));

    public TimeSpan AuditAge => Age(Volatile.Read(ref _audit));

    public int Late => Volatile.Read(ref _late);

    public int Damaged => Volatile.Read(ref _damaged);

    public int UnknownReminders => Volatile.Read(ref _strange);

    public void Found(int late) => Volatile.Write(ref _late, late);

    public TimeSpan RunAge(ResourceKind kind) => Age(_runs[kind.Name]);

    public void RunCompleted(ResourceKind kind) => _runs[kind.Name] = Now;

    public void RoundEnded() => Volatile.Write(ref _round, Now);

    public void AuditEnded(int unknownReminders)
    {
        Volatile.Write(ref _strange, unknownReminders);
        Volatile.Write(ref _audit, Now);
    }

    public void DamagedAre(int count) => Volatile.Write(ref _damaged, count);

    public void Repaired(ResourceKind kind, Repairs repairs)
    {
        Count(kind, repairs.HasFlag(Repairs.Reminder), "reminder");
        Count(kind, repairs.HasFlag(Repairs.Turn), "turn");
        Count(kind, repairs.HasFlag(Repairs.Columns), "columns");
    }

    public void NotWoken(ResourceKind kind) => _failures.Add(1, Kind(kind));

    private void Count(ResourceKind kind, bool happened, string what)
    {
        if (happened)
        {
            _repairs.Add(1, Kind(kind), new("what", what));
        }
    }

    private long Now => _time.GetTimestamp();

    private TimeSpan Age(long since) => _time.GetElapsedTime(since);

    private static KeyValuePair<string, object?> Kind(ResourceKind kind) => new("kind", kind.Name);
}
