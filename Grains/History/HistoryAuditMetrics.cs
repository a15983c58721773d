using System.Diagnostics.Metrics;

namespace ClusterGrains.History;

/// <summary>The clock of the audits, and what they found. Every silo exports the same: take the highest, not the sum.</summary>
internal sealed class HistoryAuditMetrics
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _since;
    private readonly Histogram<double> _duration;
    private volatile HistoryAuditNews? _news;

    public HistoryAuditMetrics(IMeterFactory meters, TimeProvider time)
    {
        (_time, _since) = (time, time.GetUtcNow());
        var meter = meters.Create(OutboxMetrics.MeterName);
        meter.CreateObservableGauge(
            "clustergrains.history.audit.age",
            Age,
            "s",
            "Time since the last audit that looked at everything began; before the first, since this silo asked for one. The same in every silo.");
        meter.CreateObservableGauge(
            "clustergrains.history.missing",
            Missing,
            "{record}",
            "Records that the last complete audit found neither stored nor waiting nor in a gap. The same in every silo.");
        _duration = meter.CreateHistogram<double>(
            "clustergrains.history.audit.duration",
            unit: "s",
            description: "Time an audit took, by result: complete or failed.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.1, 1, 10, 60, 300, 900, 3600] });
    }

    /// <summary>The newest that this silo heard; null before it asked, and for ever where audits are off.</summary>
    public HistoryAuditNews? News => _news;

    /// <summary>This silo begins to ask.</summary>
    public void Asks() => _news = new HistoryAuditNews();

    public void Heard(HistoryAuditNews news) => _news = news;

    /// <summary>Nobody answered; what was heard before is still so.</summary>
    public void HeardNothing(string problem) => _news = (_news ?? new HistoryAuditNews()) with { Failure = problem };

    public void Ended(bool complete, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("result", complete ? "complete" : "failed"));

    private IEnumerable<Measurement<double>> Age() =>
        _news is { } news ? [new Measurement<double>((_time.GetUtcNow() - (news.LastComplete ?? _since)).TotalSeconds)] : [];

    private IEnumerable<Measurement<long>> Missing() =>
        _news is { LastComplete: not null } news ? [new Measurement<long>(news.Missing)] : [];
}
