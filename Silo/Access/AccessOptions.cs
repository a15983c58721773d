namespace ClusterGrains.Access;

/// <summary>Who may see what. Bound from <c>Access</c>.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary><c>Loopback</c>: the API is on loopback and asks nobody. <c>Kubernetes</c>: the API server is asked about every caller.</summary>
    public AccessMode Mode { get; set; } = AccessMode.Loopback;

    /// <summary>
    /// For whom a token must be made out, one of these; empty: for the API server itself. A token for an audience of its own
    /// opens nothing else, should it leak here.
    /// </summary>
    public IList<string> Audiences { get; set; } = [];

    internal bool AsksKubernetes => Mode == AccessMode.Kubernetes;
}
