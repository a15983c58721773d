using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Hosting;

/// <summary>Two whole silos in this process that talk to each other over TLS.</summary>
public sealed class SiloTlsTests(DoubledMongo mongo) : IClassFixture<DoubledMongo>, IAsyncDisposable
{
    private readonly SiloFolder[] _folders = [new(), new()];
    private readonly SiloTlsFolder _files = new();
    private readonly List<WebApplication> _silos = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

        _files.Dispose();
    }

    [Fact]
    public async Task Silos_of_one_authority_call_each_others_grains_and_whoever_shows_nothing_or_another_ones_certificate_gets_nothing()
    {
        var database = mongo.NewDatabase();
        await Start(_folders[0], database);
        await Start(_folders[1], database);

        await TheyTalk();
        using var strangers = new TestAuthority("silos");
        Assert.False(await Opens(null));
        Assert.False(await Opens(strangers.Issue("silo")));
        Assert.True(await Opens(_files.Authority.Issue("silo")));
        Assert.Equal(0, await InPlainText());
    }

    [Fact]
    public async Task Strangers_who_connect_and_say_nothing_do_not_keep_a_silo_out()
    {
        var database = mongo.NewDatabase();
        await Start(_folders[0], database);
        var silent = new List<TcpClient>();
        for (var i = 0; i < 2 * Handshakes.Max; i++)
        {
            silent.Add(new TcpClient());
            await silent[i].ConnectAsync(SiloEndpoint, Cancellation);
        }

        await Start(_folders[1], database);

        await TheyTalk();
        foreach (var stranger in silent)
        {
            using (stranger)
            {
                Assert.Equal(0, await Heard(stranger));
            }
        }
    }

    [Fact]
    public void A_certificate_that_the_authority_did_not_issue_keeps_the_silo_from_starting_and_is_told()
    {
        using var strangers = new TestAuthority("others");
        _files.Issue(strangers);

        var mistakes = Assert.Throws<SettingsException>(() => Build(_folders[0], "unused"));

        Assert.Contains(
            mistakes.Problems, problem => problem.StartsWith("Orleans:Tls: ", StringComparison.Ordinal) && problem.Contains("tls.crt", StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_setting_is_none_and_is_told()
    {
        var mistakes = Assert.Throws<SettingsException>(() => SiloHost.Build([.. _folders[0].Settings, "--Orleans:Tls:KeyPath=/tls/silo.key"]));

        Assert.Contains("Orleans:Tls is set in part. Give CertificatePath, KeyPath and AuthorityPath, or none of them.", mistakes.Problems);
    }

    [Fact]
    public void Files_that_changed_are_taken_and_files_that_are_no_good_leave_those_before_in_force()
    {
        using var identity = _files.Identity(TimeProvider.System);
        identity.Open();
        var first = identity.Current;
        Assert.Same(first, Look());

        _files.Issue(_files.Authority);
        var second = Look();
        Assert.NotSame(first, second);

        File.WriteAllText(_files.Options.KeyPath, "no key");
        Assert.Same(second, Look());
        File.Delete(_files.Options.KeyPath);
        Assert.Same(second, Look());

        // Of an authority that did not issue the certificate which is there.
        using var others = new TestAuthority("others");
        _files.Issue(_files.Authority);
        _files.Trust(others);
        Assert.Same(second, Look());

        _files.Issue(others);
        Assert.NotSame(second, Look());

        SiloCertificate Look()
        {
            identity.Look();
            return identity.Current;
        }
    }

    private IPEndPoint SiloEndpoint
    {
        get
        {
            var endpoint = _silos[0].Services.GetRequiredService<IOptions<Orleans.Configuration.EndpointOptions>>().Value;
            return new IPEndPoint(endpoint.AdvertisedIPAddress, endpoint.SiloPort);
        }
    }

    private async Task Start(SiloFolder folder, string database)
    {
        var silo = Build(folder, database);
        _silos.Add(silo);
        await SiloHost.Start(silo);
    }

    /// <summary>One activation for both: one of these calls goes to the other silo.</summary>
    private async Task TheyTalk()
    {
        foreach (var silo in _silos)
        {
            var hosts = await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, Cancellation);
            Assert.Equal(2, hosts.Count);
        }
    }

    private WebApplication Build(SiloFolder folder, string database) => SiloHost.Build(
    [
        .. folder.Settings,
        "--Storage:Provider=MongoDb",
        $"--Storage:MongoDb:ConnectionString={mongo.ConnectionString}",
        $"--Storage:MongoDb:Database={database}",
        $"--Orleans:Tls:CertificatePath={_files.Options.CertificatePath}",
        $"--Orleans:Tls:KeyPath={_files.Options.KeyPath}",
        $"--Orleans:Tls:AuthorityPath={_files.Options.AuthorityPath}",
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
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_files.Authority.Pem));
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
        await socket.GetStream().WriteAsync(new byte[64], Cancellation);
        return await Heard(socket);
    }

    private static async Task<int> Heard(TcpClient socket)
    {
        try
        {
            return await socket.GetStream().ReadAsync(new byte[1], Cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
