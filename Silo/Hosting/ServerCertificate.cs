using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>The certificate of the API.</summary>
internal sealed class ServerCertificate(
    IOptions<HttpOptions> options, TimeProvider time, CertificateMetrics metrics, ILogger<ServerCertificate> logger)
    : WatchedCertificate<CertificateFiles>("api", time, metrics, logger)
{
    private readonly TlsOptions _paths = options.Value.Tls;

    protected override IReadOnlyList<string> Paths => [_paths.CertificatePath, _paths.KeyPath];

    /// <summary>Opened; each connection is shown the one of that moment.</summary>
    /// <exception cref="CertificateException">There is nothing to open the port with.</exception>
    public TlsHandshakeCallbackOptions ForKestrel()
    {
        Open();
        return new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Current.Context }),
        };
    }

    protected override CertificateFiles Load() => CertificateFiles.Load(_paths);

    protected override DateTime End(CertificateFiles certificate) => certificate.End;
}
