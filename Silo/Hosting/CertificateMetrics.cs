using System.Diagnostics.Metrics;

namespace ClusterGrains.Hosting;

/// <summary>The certificate of the API.</summary>
internal sealed class CertificateMetrics
{
    public const string MeterName = "ClusterGrains.Hosting";

    private readonly Counter<long> _loads;
    private readonly TimeProvider _time;
    private long _end;

    public CertificateMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _loads = meter.CreateCounter<long>(
            "clustergrains.certificate.loads", "{load}", "Times that the API's certificate was read anew, by outcome: loaded or refused.");
        meter.CreateObservableGauge(
            "clustergrains.certificate.left", Left, "s", "Time until the API's certificate ends; negative after that. Nothing without one.");
    }

    public void Loaded(DateTime end)
    {
        Volatile.Write(ref _end, end.Ticks);
        Count("loaded");
    }

    /// <summary>The files changed and are no certificate with its key; the one before stays in force.</summary>
    public void Refused() => Count("refused");

    private void Count(string outcome) => _loads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private IEnumerable<Measurement<double>> Left()
    {
        var end = Volatile.Read(ref _end);
        return end == 0 ? [] : [new Measurement<double>((new DateTime(end, DateTimeKind.Utc) - _time.GetUtcNow().UtcDateTime).TotalSeconds)];
    }
}
