using System.Diagnostics;

namespace ClusterGrains.Resources;

/// <summary>What spans have in common. Where nobody listens there is no activity, and nothing here costs anything.</summary>
internal static class Traces
{
    private const int MaxProblem = 256;

    /// <summary>
    /// What follows in this method belongs to no trace of its caller. A timer else stays for ever in the trace of whoever set it,
    /// and a load would give its trace thousands of spans.
    /// </summary>
    public static void Leave()
    {
        Activity.Current = null;
        RequestContext.Remove("traceparent");
    }

    public static Activity? About(this Activity? span, ResourceKind kind, ResourceKey key) => span?
        .SetTag("clustergrains.kind", kind.Name)
        .SetTag("clustergrains.namespace", key.Namespace)
        .SetTag("clustergrains.name", key.Name);

    public static void Failed(this Activity? span, Exception failure) =>
        span?.SetStatus(ActivityStatusCode.Error, Problem(failure));

    /// <summary>What is said of a failure: others may have written it, and it is not to fill the trace.</summary>
    public static string Problem(Exception failure) => SafeText.Clean(failure.Message, MaxProblem);
}
