using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Datasets.Loading;

/// <summary>Counts what clusters answer to bulk requests. Tag values are a closed set.</summary>
internal sealed class LoadMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _requests = meters.Create(DatasetMetrics.MeterName).CreateHistogram<double>(
        "clustergrains.dataset.bulk.duration",
        unit: "s",
        description: "Time from a bulk request to its answer, by result; partly is one of which some documents must be sent again.",
        tags: null,
        advice: new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] });

    public void Answered(BulkResult result, bool partly, TimeSpan elapsed) =>
        _requests.Record(elapsed.TotalSeconds, new TagList { { "result", Word(result, partly) } });

    private static string Word(BulkResult result, bool partly) => result switch
    {
        BulkResult.Taken => partly ? "partly" : "taken",
        BulkResult.Busy => "busy",
        BulkResult.TooLarge => "too_large",
        BulkResult.Blocked => "blocked",
        BulkResult.Gone => "gone",
        _ => "refused",
    };
}
