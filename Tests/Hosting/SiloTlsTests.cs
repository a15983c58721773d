using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Hosting;

/// <summary>Two whole silos in this process that talk to each other over TLS.</summary>
public sealed class SiloTlsTests(DoubledMongo mongo) : IClassFixture<DoubledMongo>, IAsyncLifetime
{
    private readonly TestFolder _files = new();
    private readonly SiloFolder[] _folders = [new(), new()];
    private readonly TestAuthority _authority = new("silos");
    private readonly List<WebApplication> _silos = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Write("ca.crt", _authority.Pem);
        Issue(_authority);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.StopAsync();
            await silo.DisposeAsync();
        }

        foreach (var folder in _folders)
        {
            folder.Dispose();
        }

        _authority.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Silos_of_one_authority_call_each_others_grains_and_whoever_shows_nothing_or_another_ones_certificate_gets_nothing()
    {
        var database = mongo.NewDatabase();
        foreach (var folder in _folders)
        {
            var silo = Build(folder, database);
            _silos.Add(silo);
            await SiloHost.Start(silo);
        }

        // One activation for both: one of these calls goes to the other silo.
        foreach (var silo in _silos)
        {
            var hosts = await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, Cancellation);
            Assert.Equal(2, hosts.Count);
        }

        using var strangers = new TestAuthority("silos");
        Assert.False(await Opens(null));
        Assert.False(await Opens(strangers.Issue("silo")));
        Assert.True(await Opens(_authority.Issue("silo")));
        Assert.Equal(0, await InPlainText());
    }

    [Fact]
    public void A_certificate_that_the_authority_did_not_issue_keeps_the_silo_from_starting_and_is_told()
    {
        using var strangers = new TestAuthority("others");
        Issue(strangers);

        var mistakes = Assert.Throws<SettingsException>(() => Build(_folders[0], "unused"));

        Assert.Contains(
            mistakes.Problems, problem => problem.StartsWith("Orleans:Tls: ", StringComparison.Ordinal) && problem.Contains("silo.crt", StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_setting_is_none_and_is_told()
    {
        var mistakes = Assert.Throws<SettingsException>(() => SiloHost.Build([.. _folders[0].Settings, "--Orleans:Tls:KeyPath=/tls/silo.key"]));

        Assert.Contains("Orleans:Tls is set in part. Give CertificatePath, KeyPath and AuthorityPath, or none of them.", mistakes.Problems);
    }

    [Fact]
    public void Files_that_changed_are_read_again_and_files_that_are_no_good_are_refused()
    {
        var first = SiloCertificate.Load(Options, null);
        Assert.Same(first, SiloCertificate.Load(Options, first));

        Issue(_authority);
        var second = SiloCertificate.Load(Options, first);
        Write("silo.key", "no key");

        Assert.NotEqual(first.Own.Fingerprint, second.Own.Fingerprint);
        Assert.Throws<CertificateException>(() => SiloCertificate.Load(Options, second));
    }

    private SiloTlsOptions Options => new()
    {
        CertificatePath = Path("silo.crt"),
        KeyPath = Path("silo.key"),
        AuthorityPath = Path("ca.crt"),
    };

    private IPEndPoint SiloEndpoint
    {
        get
        {
            var endpoint = _silos[0].Services.GetRequiredService<IOptions<Orleans.Configuration.EndpointOptions>>().Value;
            return new IPEndPoint(endpoint.AdvertisedIPAddress, endpoint.SiloPort);
        }
    }

    private WebApplication Build(SiloFolder folder, string database) => SiloHost.Build(
    [
        .. folder.Settings,
        "--Storage:Provider=MongoDb",
        $"--Storage:MongoDb:ConnectionString={mongo.ConnectionString}",
        $"--Storage:MongoDb:Database={database}",
        $"--Orleans:Tls:CertificatePath={Options.CertificatePath}",
        $"--Orleans:Tls:KeyPath={Options.KeyPath}",
        $"--Orleans:Tls:AuthorityPath={Options.AuthorityPath}",
    ]);

    /// <summary>Whether the silo's port says anything to who shows this: it greets whoever it has accepted.</summary>
    private async Task<bool> Opens(X509Certificate2? certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(SiloEndpoint, Cancellation);
        await using var secured = new SslStream(socket.GetStream(), leaveInnerStreamOpen: true);
        try
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_authority.Pem));
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = "silo",
                CertificateChainPolicy = trust,
                ClientCertificates = certificate is null ? [] : [certificate],
            };
            await secured.AuthenticateAsClientAsync(options, Cancellation);
            return await secured.ReadAsync(new byte[1], Cancellation) > 0;
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }

    private async Task<int> InPlainText()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(SiloEndpoint, Cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync(new byte[64], Cancellation);
        try
        {
            return await stream.ReadAsync(new byte[1], Cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void Issue(TestAuthority authority)
    {
        using var certificate = authority.Issue("silo");
        Write("silo.crt", certificate.ExportCertificatePem());
        Write("silo.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private void Write(string name, string text) => File.WriteAllText(Path(name), text);

    private string Path(string name) => System.IO.Path.Combine(_files.Path, name);
}
