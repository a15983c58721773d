using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Datasets;

/// <summary>Counts what becomes of updates in this silo. Tag values are closed sets.</summary>
internal sealed class DatasetMetrics
{
    public const string MeterName = "ClusterGrains.Datasets";

    private readonly TimeProvider _time;
    private readonly Counter<long> _updates;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _documents;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _blocked;
    private long _lookedAt;
    private long _promotedAt;

    public DatasetMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _updates = meter.CreateCounter<long>("clustergrains.dataset.updates", "{update}", "Updates of a version that ended, by result.");
        _durations = meter.CreateHistogram<double>(
            "clustergrains.dataset.update.duration",
            unit: "s",
            description: "Time from the plan of a version to its end, by result.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3600, 10800, 21600, 86400] });
        _documents = meter.CreateCounter<long>(
            "clustergrains.dataset.documents", "{document}", "Documents that search clusters have acknowledged.");
        _rejected = meter.CreateCounter<long>("clustergrains.dataset.rejected", "{document}", "Documents that nobody took.");
        _blocked = meter.CreateCounter<long>(
            "clustergrains.dataset.blocked", "{run}", "Runs that could not go on, by code of the finding.");
        meter.CreateObservableGauge(
            "clustergrains.dataset.look.age", () => Age(ref _lookedAt), "s", "Time since any source was looked at last with success by this silo.");
        meter.CreateObservableGauge(
            "clustergrains.dataset.promotion.age", () => Age(ref _promotedAt), "s", "Time since any version was promoted last by this silo.");
    }

    /// <summary>Counts what one write of a dataset changed.</summary>
    public void Follow(SearchDatasetWork before, SearchDatasetWork after, bool runEnded)
    {
        var (was, now) = (before.Ledger, after.Ledger);
        if (now.Look is { } look && look.At != was.Look?.At)
        {
            Newest(ref _lookedAt, look.At);
        }

        if (now.Candidate is { } candidate)
        {
            var known = was.Candidate is { } old && old.RunId == candidate.RunId && old.Index == candidate.Index ? old.Counts : new LoadCounts();
            _documents.Add(Math.Max(0, candidate.Counts.Acked - known.Acked));
            _rejected.Add(Math.Max(0, candidate.Counts.Rejected - known.Rejected));
        }

        if (runEnded && now.Blocked is { } blocked)
        {
            _blocked.Add(1, new TagList { { "code", blocked.Code } });
        }

        foreach (var ended in after.Recent.TakeWhile(ended => ended != before.Recent.FirstOrDefault()))
        {
            Ended(ended, was.Candidate?.StartedAt ?? ended.At);
        }
    }

    private void Ended(EndedUpdate ended, DateTimeOffset startedAt)
    {
        var tags = new TagList { { "result", ended.Result.ToString() } };
        _updates.Add(1, tags);
        _durations.Record((ended.At - startedAt).TotalSeconds, tags);
        if (ended.Result is UpdateResult.Promoted or UpdateResult.RolledBack)
        {
            Newest(ref _promotedAt, ended.At);
        }
    }

    private static void Newest(ref long ticks, DateTimeOffset at)
    {
        if (at.UtcTicks > Volatile.Read(ref ticks))
        {
            Volatile.Write(ref ticks, at.UtcTicks);
        }
    }

    private IEnumerable<Measurement<double>> Age(ref long ticks) => Volatile.Read(ref ticks) is > 0 and var at
        ? [new((_time.GetUtcNow() - new DateTimeOffset(at, TimeSpan.Zero)).TotalSeconds)]
        : [];
}
