using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterGrains.Hosting;

/// <summary>What a silo shows other silos, and by what it knows them.</summary>
internal sealed class SiloCertificate
{
    private readonly X509Certificate2Collection _authorities;

    private SiloCertificate(CertificateFiles own, X509Certificate2Collection authorities) => (Own, _authorities) = (own, authorities);

    public CertificateFiles Own { get; }

    /// <summary>What keeps silos from talking, one line each.</summary>
    public static IEnumerable<string> Problems(SiloTlsOptions options)
    {
        try
        {
            _ = options.IsSet ? Load(options) : null;
            return [];
        }
        catch (CertificateException failure)
        {
            return [$"Orleans:Tls: {failure.Message}"];
        }
    }

    /// <summary>What the files hold now.</summary>
    /// <exception cref="CertificateException">They are not what they must be; the message names the file and the cure.</exception>
    public static SiloCertificate Load(SiloTlsOptions options)
    {
        var own = CertificateFiles.Load(options.Files);
        var loaded = new SiloCertificate(own, Authorities(options.AuthorityPath));
        return loaded.IsOfAuthority(own.Certificate, own.Chain)
            ? loaded
            : throw new CertificateException(
                $"The certificate in {options.CertificatePath} is not of an authority in {options.AuthorityPath}, or has ended: no silo would "
                + "take it. Give one that it issued.");
    }

    /// <summary>Whether the other end is a silo.</summary>
    public bool IsOfAuthority(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is X509Certificate2 shown && IsOfAuthority(shown, chain?.ChainPolicy.ExtraStore ?? []);

    /// <summary>The authority and nobody else; nothing that a certificate names is fetched.</summary>
    /// <param name="between">What may lead to the authority.</param>
    public X509ChainPolicy Policy(X509Certificate2Collection between)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ExtraStore.AddRange(between);
        return policy;
    }

    private bool IsOfAuthority(X509Certificate2 certificate, X509Certificate2Collection between)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(between) };
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(System.Text.Encoding.UTF8.GetString(CertificateFiles.ReadBytes(path)));
            return authorities.Count > 0 ? authorities : throw new CryptographicException("It holds no certificate.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CertificateException(
                $"The authority in {path} cannot be used: {failure.Message} Give a PEM file that this process can read.", failure);
        }
    }
}
