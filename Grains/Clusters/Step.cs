namespace ClusterGrains.Clusters;

/// <summary>The requests of a check, in order.</summary>
public enum Step
{
    Identify,
    Health,
    NodeStats,
    Settings,
}

/// <summary>How steps are called in messages.</summary>
public static class Steps
{
    /// <summary>Without the query: <c>GET /_cluster/health</c>.</summary>
    public static string Request(this Step step) => step switch
    {
        Step.Identify => "GET /",
        Step.Health => "GET /_cluster/health",
        Step.NodeStats => "GET /_nodes/stats",
        _ => "GET /_cluster/settings",
    };
}
