using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterGrains.Clusters;

/// <summary>Whom a connection trusts.</summary>
/// <param name="Authorities">The only ones trusted; empty for the system's.</param>
internal sealed record ClusterTrust(bool Anybody, X509Certificate2Collection Authorities)
{
    public static ClusterTrust System { get; } = new(false, []);

    /// <summary>Equal for equal trust; connections are shared by it.</summary>
    public string Key { get; } = Anybody ? "anybody" : string.Join(
        ' ', Authorities.Select(authority => authority.GetCertHashString(HashAlgorithmName.SHA256)).Order(StringComparer.Ordinal));

    public SslClientAuthenticationOptions ToTls() => new()
    {
        CertificateChainPolicy = Policy(),
#pragma warning disable CA5359 // The user asked for it: spec.tls.insecureSkipVerify.
        RemoteCertificateValidationCallback = Anybody ? (_, _, _, _) => true : null,
#pragma warning restore CA5359
    };

    private X509ChainPolicy Policy()
    {
        // A certificate may name URLs of its issuer and revocation lists: those would be fetched unguarded.
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (Authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Authorities);
        }

        return policy;
    }
}
