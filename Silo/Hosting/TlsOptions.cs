namespace ClusterGrains.Hosting;

/// <summary>A certificate and its key, as a Secret of type <c>kubernetes.io/tls</c> holds them.</summary>
public sealed class TlsOptions
{
    /// <summary>PEM file: the certificate, then those between it and its authority. Read again when it changes.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>PEM file: the private key, without a password. Read again when it changes.</summary>
    public string KeyPath { get; set; } = "";

    internal bool IsSet => CertificatePath.Length > 0 && KeyPath.Length > 0;
}
