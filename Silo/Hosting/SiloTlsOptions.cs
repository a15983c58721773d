namespace ClusterGrains.Hosting;

/// <summary>
/// With all three, silos talk to each other over TLS and each end shows a certificate of the authority; with none, in plain text
/// to whoever reaches the port.
/// </summary>
public sealed class SiloTlsOptions
{
    /// <summary>PEM file: this silo's certificate, then those between it and the authority. Read again when it changes.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>PEM file: the private key, without a password. Read again when it changes.</summary>
    public string KeyPath { get; set; } = "";

    /// <summary>
    /// PEM file: the authority, or several. Whoever has a certificate of it may call every grain: let it issue for silos only.
    /// Read again when it changes.
    /// </summary>
    public string AuthorityPath { get; set; } = "";

    internal bool IsSet => Given == 3;

    internal bool IsHalf => Given is 1 or 2;

    internal TlsOptions Files => new() { CertificatePath = CertificatePath, KeyPath = KeyPath };

    private int Given => (CertificatePath.Length > 0 ? 1 : 0) + (KeyPath.Length > 0 ? 1 : 0) + (AuthorityPath.Length > 0 ? 1 : 0);
}
