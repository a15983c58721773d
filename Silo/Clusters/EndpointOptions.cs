namespace ClusterGrains.Clusters;

/// <summary>Where this process may connect to on behalf of its users. Bound from <c>Endpoints</c>.</summary>
public sealed class EndpointOptions
{
    public const string Section = "Endpoints";

    /// <summary>
    /// Whether endpoints on the loopback addresses are asked. In a cluster they are the operator's own pod, so only
    /// the sandbox and tests set it.
    /// </summary>
    public bool AllowLoopback { get; set; }
}
