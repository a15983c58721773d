namespace ClusterGrains.Clusters;

/// <summary>Where this process may connect to on behalf of its users. Bound from <c>Endpoints</c>.</summary>
public sealed class EndpointOptions
{
    public const string Section = "Endpoints";

    /// <summary>
    /// Whether endpoints on this machine are asked: loopback, and its own addresses. In a cluster that is the operator's own pod, so only
    /// the sandbox and tests set it.
    /// </summary>
    public bool AllowLoopback { get; set; }
}
