using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Hosting;

/// <summary>A silo's certificate and its authority, as a volume with the Secret <c>clustergrains-silo-tls</c> holds them.</summary>
internal sealed class SiloTlsFolder : IDisposable
{
    private readonly TestFolder _files = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public SiloTlsFolder()
    {
        Trust(Authority);
        Issue(Authority);
    }

    public TestAuthority Authority { get; } = new("silos");

    public SiloTlsOptions Options => new()
    {
        CertificatePath = Path("tls.crt"),
        KeyPath = Path("tls.key"),
        AuthorityPath = Path("ca.crt"),
    };

    /// <summary>Puts a new certificate and its key there.</summary>
    public void Issue(TestAuthority authority, params X509Extension[] extensions)
    {
        using var certificate = authority.Issue("silo", null, extensions);
        File.WriteAllText(Options.CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(Options.KeyPath, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public void Trust(TestAuthority authority) => File.WriteAllText(Options.AuthorityPath, authority.Pem);

    /// <summary>What a silo with these files shows; not open yet.</summary>
    public SiloIdentity Identity(TimeProvider time)
    {
        var options = new OrleansOptions
        {
            Tls = { CertificatePath = Options.CertificatePath, KeyPath = Options.KeyPath, AuthorityPath = Options.AuthorityPath },
        };
        var metrics = new CertificateMetrics(_services.GetRequiredService<IMeterFactory>(), time);
        return new SiloIdentity(Microsoft.Extensions.Options.Options.Create(options), time, metrics, NullLogger<SiloIdentity>.Instance);
    }

    /// <summary>A silo's end of connections.</summary>
    public SiloTls Tls(TimeProvider time)
    {
        var identity = Identity(time);
        identity.Open();
        return new SiloTls(identity, time, NullLogger<SiloTls>.Instance);
    }

    public void Dispose()
    {
        Authority.Dispose();
        _services.Dispose();
        _files.Dispose();
    }

    private string Path(string name) => System.IO.Path.Combine(_files.Path, name);
}
