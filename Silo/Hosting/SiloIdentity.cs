using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>What this silo shows other silos, and by what it knows them.</summary>
internal sealed class SiloIdentity(
    IOptions<OrleansOptions> options, TimeProvider time, CertificateMetrics metrics, ILogger<SiloIdentity> logger)
    : WatchedCertificate<SiloCertificate>("silo", time, metrics, logger)
{
    private readonly SiloTlsOptions _paths = options.Value.Tls;

    protected override IReadOnlyList<string> Paths => [_paths.CertificatePath, _paths.KeyPath, _paths.AuthorityPath];

    protected override SiloCertificate Load() => SiloCertificate.Load(_paths);

    protected override DateTime End(SiloCertificate certificate) => certificate.Own.End;
}
