namespace ClusterGrains.Clusters;

/// <summary>A Secret as it is in the API server.</summary>
/// <param name="Data">By key, decoded; empty when it is withheld.</param>
public sealed record StoredSecret(IReadOnlyDictionary<string, byte[]> Data)
{
    /// <summary>
    /// The label by which whoever owns a Secret lets us use it, with the value <c>true</c>. Who may write resources is not always
    /// who may read Secrets, and a resource sends what it names to an address that it names too.
    /// </summary>
    public const string AllowLabel = "clustergrains.io/allow";

    /// <summary>There is a Secret, and nobody has allowed its use.</summary>
    public bool IsWithheld { get; init; }
}
