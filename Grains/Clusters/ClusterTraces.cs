using System.Diagnostics;

namespace ClusterGrains.Clusters;

/// <summary>Spans of checks. docs/telemetry.md.</summary>
internal static class ClusterTraces
{
    public const string SourceName = "ClusterGrains.Clusters";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Everything one check asks of a cluster.</summary>
    public static Activity? Probe() => Source.StartActivity("probe");

    public static void Ended(this Activity? probe, CheckOutcome outcome) => probe?
        .SetTag("clustergrains.answered", outcome.Answered)
        .SetTag("clustergrains.findings", string.Join(' ', outcome.Findings.Select(finding => finding.Code)));

    /// <summary>One request of a check. Nothing of the user's URL but host and port.</summary>
    public static Activity? Ask(Step step, Uri endpoint)
    {
        var span = Source.StartActivity("ask", ActivityKind.Client);
        if (span is not null)
        {
            span.DisplayName = $"ask {step}";
            span.SetTag("clustergrains.step", step.ToString())
                .SetTag("server.address", endpoint.Host)
                .SetTag("server.port", endpoint.Port);
        }

        return span;
    }

    public static void Answered(this Activity? ask, StepOutcome outcome)
    {
        ask?.SetTag("clustergrains.outcome", outcome.ToString());
        if (outcome is not StepOutcome.Ok)
        {
            ask?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
