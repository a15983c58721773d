namespace ClusterGrains.Clusters;

/// <summary>Whom to trust at https endpoints.</summary>
public sealed record TlsSpec
{
    /// <summary>The Secret holds <c>ca.crt</c>: one or more PEM certificates, then the only authorities trusted.</summary>
    public SecretRef? CaSecretRef { get; init; }

    /// <summary>Accept any certificate.</summary>
    public bool InsecureSkipVerify { get; init; }
}
