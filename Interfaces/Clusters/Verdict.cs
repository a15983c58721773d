namespace ClusterGrains.Clusters;

/// <summary>What we say of a cluster.</summary>
[GenerateSerializer, Alias("ClusterGrains.Verdict")]
public enum Verdict
{
    /// <summary>No fresh answer: nobody knows. Never shown as green.</summary>
    Unknown,

    Healthy,

    /// <summary>At least one Warning.</summary>
    Degraded,

    /// <summary>At least one Critical finding.</summary>
    Critical,

    /// <summary>The user switched the checks off.</summary>
    Suspended,
}
