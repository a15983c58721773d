using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Hosting;

/// <summary>The certificates of this process, by their use: <c>api</c> and <c>silo</c>.</summary>
internal sealed class CertificateMetrics
{
    public const string MeterName = "ClusterGrains.Hosting";

    private readonly Counter<long> _loads;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, DateTime> _ends = new();

    public CertificateMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _loads = meter.CreateCounter<long>(
            "clustergrains.certificate.loads", "{load}", "Times that a certificate was read anew, by use (api or silo) and outcome: loaded or refused.");
        meter.CreateObservableGauge(
            "clustergrains.certificate.left", Left, "s", "Time until a certificate ends, by use: api or silo; negative after that. Nothing for one that is not used.");
    }

    /// <param name="end">Until when it is good, UTC.</param>
    public void Loaded(string use, DateTime end)
    {
        _ends[use] = end;
        Count(use, "loaded");
    }

    /// <summary>The files changed and are no certificate with its key; the one before stays in force.</summary>
    public void Refused(string use) => Count(use, "refused");

    private void Count(string use, string outcome) => _loads.Add(1, new("use", use), new("outcome", outcome));

    private IEnumerable<Measurement<double>> Left() => _ends.Select(one => new Measurement<double>(
        (one.Value - _time.GetUtcNow().UtcDateTime).TotalSeconds, new KeyValuePair<string, object?>("use", one.Key)));
}
