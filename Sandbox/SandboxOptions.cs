namespace ClusterGrains.Sandbox;

/// <summary>What the command line asks of the sandbox.</summary>
internal sealed record SandboxOptions
{
    /// <summary>Pretend clusters, each with its SearchCluster. 1 to 100.</summary>
    public required int Clusters { get; init; }

    /// <summary>Of the checks, in the SearchClusters that this run creates. 1 s to 24 h, whole seconds.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Of the Kubernetes API; 0 takes a free one.</summary>
    public required int ApiPort { get; init; }

    /// <summary>Of the silo's fleet API and dashboard; 0 takes a free one.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Of the silo's probes and metrics; 0 takes a free one.</summary>
    public required int ManagementPort { get; init; }

    /// <summary>The folder that holds everything, as an absolute path.</summary>
    public required string Data { get; init; }

    /// <summary>False leaves the silo to somebody else.</summary>
    public required bool Silo { get; init; }
}
