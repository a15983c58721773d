namespace ClusterGrains.Access;

/// <summary>Who decides what a caller may see.</summary>
public enum AccessMode
{
    /// <summary>Nobody: the API is on loopback, and who reaches that has the machine.</summary>
    Loopback,

    /// <summary>The API server, by a review of the caller's token and of its rights.</summary>
    Kubernetes,
}
