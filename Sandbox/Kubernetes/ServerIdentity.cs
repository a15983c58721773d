using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>
/// The server's own certificate authority, its certificate, and the one token it accepts. With a folder, authority and
/// token are kept there, so that an older kubeconfig goes on working.
/// </summary>
internal sealed class ServerIdentity : IDisposable
{
    private static readonly string[] Files = ["ca.crt", "ca.key", "token"];

    // Apple's verifier refuses server certificates that live longer.
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(800);

    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);

    private ServerIdentity(string authorityPem, string authorityKeyPem, string token, DateTimeOffset now)
    {
        AuthorityPem = authorityPem;
        Token = token;
        using var authority = X509Certificate2.CreateFromPem(authorityPem, authorityKeyPem);
        Certificate = IssueCertificate(authority, now);
    }

    public string AuthorityPem { get; }

    public string Token { get; }

    public X509Certificate2 Certificate { get; }

    /// <param name="clock">The clients' clock, by which they judge certificates.</param>
    public static ServerIdentity Load(string? folder, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var paths = folder is null ? null : Files.Select(name => Path.Combine(folder, name)).ToArray();
        if (paths is not null && paths.All(File.Exists))
        {
            return new ServerIdentity(File.ReadAllText(paths[0]), File.ReadAllText(paths[1]), File.ReadAllText(paths[2]).Trim(), now);
        }

        var (authority, key) = NewAuthority(now);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        if (paths is not null)
        {
            Directory.CreateDirectory(folder!);
            OwnerFile.Write(paths[0], authority);
            OwnerFile.Write(paths[1], key);
            OwnerFile.Write(paths[2], token);
        }

        return new ServerIdentity(authority, key, token, now);
    }

    public void Dispose() => Certificate.Dispose();

    private static (string Certificate, string Key) NewAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clustergrains-sandbox-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + AuthorityLife);
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static X509Certificate2 IssueCertificate(X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clustergrains-sandbox", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var end = now + CertificateLife;
        using var issued = request.Create(
            authority, now.AddDays(-1), end < authority.NotAfter ? end : authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        using var withKey = issued.CopyWithPrivateKey(key);

        // Not every platform's TLS takes a key that was never stored.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
