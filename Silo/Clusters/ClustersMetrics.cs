using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClusterGrains.Clusters;

/// <summary>Times the requests to search clusters.</summary>
internal sealed class ClustersMetrics
{
    public const string MeterName = "ClusterGrains.Clusters";

    private readonly Histogram<double> _requests;

    public ClustersMetrics(IMeterFactory meters)
    {
        _requests = meters.Create(MeterName).CreateHistogram(
            "clustergrains.cluster.request.duration",
            unit: "s",
            description: "Time from a request to a search cluster to the end of its answer, by step and outcome.",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
    }

    public void Asked(Step step, StepOutcome outcome, TimeSpan elapsed) =>
        _requests.Record(elapsed.TotalSeconds, new TagList { { "step", Name(step) }, { "outcome", Name(outcome) } });

    private static string Name(Step step) => step switch
    {
        Step.Identify => "identify",
        Step.Health => "health",
        Step.NodeStats => "node_stats",
        Step.Settings => "settings",
        _ => throw new UnreachableException($"Step {step} has no metric name."),
    };

    private static string Name(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Ok => "ok",
        StepOutcome.Dns => "dns",
        StepOutcome.Connect => "connect",
        StepOutcome.Refused => "refused",
        StepOutcome.Tls => "tls",
        StepOutcome.Unauthorized => "unauthorized",
        StepOutcome.Forbidden => "forbidden",
        StepOutcome.NotSupported => "not_supported",
        StepOutcome.Throttled => "throttled",
        StepOutcome.NoClusterManager => "no_cluster_manager",
        StepOutcome.Timeout => "timeout",
        StepOutcome.UnexpectedStatus => "unexpected_status",
        StepOutcome.BadBody => "bad_body",
        StepOutcome.TooLarge => "too_large",
        _ => throw new UnreachableException($"No request ends as {outcome}."),
    };
}
