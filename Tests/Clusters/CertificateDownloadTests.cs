using System.Net.Security;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Tests.Clusters;

/// <summary>
/// A certificate may name URLs of its issuer and of revocation lists. Nothing of ours fetches them: they are the other end's
/// choice, and no address guard stands before them.
/// </summary>
public sealed class CertificateDownloadTests
{
    [Fact]
    public void Search_clusters_and_S3_sources_are_not_asked_for_what_their_certificates_name()
    {
        using var s3 = S3SourceClients.Handler((_, _) => throw new NotSupportedException());

        Assert.All((SslClientAuthenticationOptions[])[ClusterTrust.System.ToTls(), s3.SslOptions], NothingIsFetched);
    }

    [Fact]
    public void Nor_are_those_who_say_they_are_silos()
    {
        using var tls = new TlsFolder();
        var silo = SiloCertificate.Load(
            new SiloTlsOptions
            {
                CertificatePath = tls.Files.CertificatePath,
                KeyPath = tls.Files.KeyPath,
                AuthorityPath = tls.Authority,
            },
            null);

        Assert.True(silo.Policy([]).DisableCertificateDownloads);
    }

    private static void NothingIsFetched(SslClientAuthenticationOptions options) =>
        Assert.True(options.CertificateChainPolicy is { DisableCertificateDownloads: true });
}
