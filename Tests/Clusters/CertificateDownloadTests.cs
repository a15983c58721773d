using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Datasets;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Tests.Clusters;

/// <summary>
/// A certificate may name URLs of its issuer, of revocation lists and of who answers for it. Nothing of ours fetches them: they
/// are the other end's choice, and no address guard stands before them.
/// </summary>
public sealed class CertificateDownloadTests : IAsyncDisposable
{
    private const string Identity =
        """{"cluster_name":"logs","cluster_uuid":"u1","version":{"number":"3.0.0","distribution":"opensearch"}}""";

    private readonly StubServer _named = new(StubServer.Http("404 Not Found", ""));
    private readonly TestAuthority _root = new("root");
    private readonly TestAuthority _between;
    private readonly X509Certificate2 _leaf;

    public CertificateDownloadTests()
    {
        // No server shows the one between: who wants to know whose the certificate is must fetch it.
        _between = _root.Subordinate("between");
        _leaf = _between.Issue("logs.test", IPAddress.Loopback, Urls);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private X509Extension[] Urls =>
    [
        new X509AuthorityInformationAccessExtension([$"{_named.Url}/ocsp"], [$"{_named.Url}/issuer.crt"]),
        CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{_named.Url}/revoked.crl"]),
    ];

    [Fact]
    public async Task Whoever_does_not_say_otherwise_fetches_it()
    {
        await using var server = Server();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, Cancellation);
        await using var stream = new SslStream(socket.GetStream());

        await Assert.ThrowsAsync<AuthenticationException>(() => stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" }, Cancellation));

        Assert.NotEqual(0, await Fetched());
    }

    [Theory]
    [InlineData("the system's authorities")]
    [InlineData("the user's authority")]
    [InlineData("anybody")]
    public async Task Of_a_search_cluster_nothing_is_fetched_whomever_its_user_trusts(string trust)
    {
        await using var server = Server();
        using var world = new ProbeWorld();
        world.Secret("ca", ("ca.crt", _root.Pem));
        var spec = ProbeWorld.Spec(server.Url) with
        {
            Tls = trust switch
            {
                "anybody" => new() { InsecureSkipVerify = true },
                "the user's authority" => new() { CaSecretRef = new() { Name = "ca" } },
                _ => new(),
            },
        };

        var facts = await world.Run(spec);

        Assert.Equal(trust == "anybody", facts.Identity is not null);
        Assert.NotEqual(0, server.Connections);
        Assert.Equal(0, await Fetched());
    }

    [Fact]
    public async Task Of_a_store_that_is_a_source_nothing_is_fetched()
    {
        await using var server = Server();
        using var world = new SourceWorld();
        world.Secrets.Add($"{SourceWorld.Namespace}/feeds", ("accessKey", "a"), ("secretKey", "s"));
        await using var source = await world.Open(new SourceSpec
        {
            Uri = "s3://feeds/products",
            S3 = new() { Endpoint = server.Url },
            SecretRef = new() { Name = "feeds" },
        });

        await Assert.ThrowsAsync<DependencyException>(() => source.Folders(Cancellation));

        Assert.NotEqual(0, server.Connections);
        Assert.Equal(0, await Fetched());
    }

    [Fact]
    public async Task Of_who_says_it_is_a_silo_nothing_is_fetched_whichever_end_it_is()
    {
        using var files = new SiloTlsFolder();
        files.Trust(_root);
        files.Issue(_root, Urls);
        var tls = files.Tls(TimeProvider.System);
        var shown = SslStreamCertificateContext.Create(_leaf, null, offline: true);
        var (caller, called, silos) = (new Wire(IPAddress.Loopback), new Wire(IPAddress.Loopback), new Wire(IPAddress.Loopback));

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_root.Pem));
        var asClient = new SslClientAuthenticationOptions { TargetHost = "silo", CertificateChainPolicy = trust, ClientCertificateContext = shown };

        await using var client = new SslStream(Wire.Stream(caller.Opened));
        await using var server = new SslStream(Wire.Stream(called.Accepted));
        var strangers = Task.WhenAll(
            Ended(client.AuthenticateAsClientAsync(asClient, Cancellation)),
            Ended(server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = shown }, Cancellation)));
        await Assert.ThrowsAsync<AuthenticationException>(() => tls.Accept(caller.Accepted, Wire.Refuse));
        await Assert.ThrowsAsync<AuthenticationException>(() => tls.Connect(called.Opened, Wire.Refuse));
        await strangers;
        await Task.WhenAll(tls.Accept(silos.Accepted, Wire.Greet), tls.Connect(silos.Opened, Wire.Greet));

        Assert.Equal(0, await Fetched());
    }

    public async ValueTask DisposeAsync()
    {
        await _named.DisposeAsync();
        _leaf.Dispose();
        _between.Dispose();
        _root.Dispose();
    }

    private StubServer Server() => new(StubServer.Http("200 OK", Identity), _leaf);

    private static Task Ended(Task handshake) => handshake.ContinueWith(
        _ => { }, Cancellation, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>How often somebody has connected to what the certificate names.</summary>
    private async Task<int> Fetched()
    {
        // Connections are accepted in their order: when this one is answered, all before it are counted.
        using var last = new TcpClient();
        await last.ConnectAsync(IPAddress.Loopback, _named.Port, Cancellation);
        await last.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), Cancellation);
        await last.GetStream().ReadExactlyAsync(new byte[1], Cancellation);
        return _named.Connections - 1;
    }
}
