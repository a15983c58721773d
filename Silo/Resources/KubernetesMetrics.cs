using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Resources;

/// <summary>Requests to the API server, and the fate of Events.</summary>
internal sealed class KubernetesMetrics
{
    public const string MeterName = "ClusterGrains.Resources";

    private readonly Histogram<double> _requests;
    private readonly Counter<long> _events;

    public KubernetesMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateHistogram<double>(
            "clustergrains.kubernetes.request.duration",
            unit: "s",
            description: "Time from a request to the API server to the end of its answer. Watches are not counted.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _events = meter.CreateCounter<long>(
            "clustergrains.kubernetes.events", unit: "1", description: "Kubernetes Events, by what became of them.");
    }

    /// <param name="code">The HTTP status; 0 when there was no answer.</param>
    public void Asked(string verb, int code, TimeSpan elapsed) => _requests.Record(
        elapsed.TotalSeconds,
        new TagList { { "verb", verb }, { "outcome", Outcome(code) } });

    public void EventSent() => Count("sent");

    /// <summary>The queue was full, the server refused it for good, or the silo stopped.</summary>
    public void EventDropped() => Count("dropped");

    private void Count(string outcome) => _events.Add(1, new TagList { { "outcome", outcome } });

    private static string Outcome(int code) => code switch
    {
        0 => "silence",
        < 300 => "success",
        409 => "conflict",
        404 => "not_found",
        429 => "throttled",
        < 500 => "refused",
        _ => "server_error",
    };
}
