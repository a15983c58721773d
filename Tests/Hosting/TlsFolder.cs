using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Hosting;

/// <summary>A certificate for loopback, as a volume with a Secret of type <c>kubernetes.io/tls</c> holds it, and who trusts it.</summary>
internal sealed class TlsFolder : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new("clustergrains test");

    public TlsFolder()
    {
        Issue();
        File.WriteAllText(Authority, _authority.Pem);
    }

    /// <summary>Whose certificates these are, as a file.</summary>
    public string Authority => Path.Combine(_folder.Path, "ca.crt");

    public TlsOptions Files => new()
    {
        CertificatePath = Path.Combine(_folder.Path, "tls.crt"),
        KeyPath = Path.Combine(_folder.Path, "tls.key"),
    };

    public X509Certificate2 Certificate { get; private set; } = null!;

    public X509ChainPolicy Trust
    {
        get
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_authority.Pem));
            return policy;
        }
    }

    /// <summary>What a silo needs to ask the API server about callers, on loopback.</summary>
    public IEnumerable<string> Settings =>
    [
        "--Access:Mode=Kubernetes",
        "--Http:Address=127.0.0.1",
        $"--Http:Tls:CertificatePath={Files.CertificatePath}",
        $"--Http:Tls:KeyPath={Files.KeyPath}",
    ];

    /// <summary>Puts a new certificate and its key there.</summary>
    public void Issue()
    {
        Certificate = _authority.Issue("localhost", IPAddress.Loopback);
        File.WriteAllText(Files.CertificatePath, Certificate.ExportCertificatePem());
        File.WriteAllText(Files.KeyPath, Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Trusts this authority only, whatever it sends as the name of the host, and follows nothing.</summary>
    public HttpClient Client(Uri address)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions =
            {
                CertificateChainPolicy = Trust,
                RemoteCertificateValidationCallback = (_, _, _, errors) =>
                    (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
            },
        };
        return new HttpClient(handler) { BaseAddress = address };
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }
}
