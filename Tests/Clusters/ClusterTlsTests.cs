using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClusterGrains.Clusters;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Clusters;

public sealed class ClusterTlsTests : IDisposable
{
    private const string Identity =
        """{"cluster_name":"logs","cluster_uuid":"u1","version":{"number":"3.0.0","distribution":"opensearch"}}""";

    private readonly ProbeWorld _world = new();
    private readonly TestAuthority _ours = new("ours");
    private readonly TestAuthority _theirs = new("theirs");

    [Fact]
    public async Task An_authority_that_is_not_trusted_is_refused_with_the_cure()
    {
        await using var server = Server();

        var outcome = await _world.Check(server.Url);

        var finding = Assert.Single(outcome.Findings);
        Assert.Equal(FindingCodes.TlsFailed, finding.Code);
        Assert.Contains("spec.tls.caSecretRef.name", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_authorities_of_the_Secret_are_trusted_each_of_them()
    {
        await using var server = Server();

        Assert.Equal("u1", (await Run(server, $"{_theirs.Pem}\n{_ours.Pem}")).Identity?.ClusterUuid);
    }

    [Fact]
    public async Task Only_the_authorities_of_the_Secret_are_trusted()
    {
        await using var server = Server();

        Assert.Equal(StepOutcome.Tls, Assert.Single((await Run(server, _theirs.Pem)).PassedOver).Result.Outcome);
    }

    [Fact]
    public async Task A_rotated_authority_works_at_the_next_check()
    {
        await using var server = Server();

        Assert.Null((await Run(server, _theirs.Pem)).Identity);
        Assert.NotNull((await Run(server, _ours.Pem)).Identity);
        Assert.Null((await Run(server, _theirs.Pem)).Identity);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        await using var server = new StubServer(StubServer.Http("200 OK", Identity), _ours.Issue("other.test"));

        var result = Assert.Single((await Run(server, _ours.Pem)).PassedOver).Result;

        Assert.Equal(StepOutcome.Tls, result.Outcome);
        Assert.Contains("RemoteCertificateNameMismatch", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_certificate_will_do_when_the_user_says_so()
    {
        await using var server = new StubServer(StubServer.Http("200 OK", Identity), _theirs.Issue("other.test"));
        var spec = ProbeWorld.Spec(server.Url) with { Tls = new() { InsecureSkipVerify = true } };

        Assert.Equal("u1", (await _world.Run(spec)).Identity?.ClusterUuid);
    }

    [Fact]
    public async Task Https_to_a_server_without_TLS_and_http_to_one_with_it_say_what_to_look_at()
    {
        await using var plain = await PretendCluster.Start("logs", PretendEngine.OpenSearch3, TestContext.Current.CancellationToken);
        await using var secured = Server();

        var outcome = await _world.Check(plain.Url.ToString().Replace("http:", "https:", StringComparison.Ordinal));
        var other = await _world.Check(secured.Url.Replace("https:", "http:", StringComparison.Ordinal));

        Assert.Equal(FindingCodes.TlsFailed, Assert.Single(outcome.Findings).Code);
        Assert.Contains("scheme are right", Assert.Single(other.Findings).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _world.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
    }

    private StubServer Server() => new(StubServer.Http("200 OK", Identity), Certificate());

    private X509Certificate2 Certificate() => _ours.Issue("logs.test", IPAddress.Loopback);

    private Task<ClusterFacts> Run(StubServer server, string pem)
    {
        _world.Secret("ca", ("ca.crt", pem));
        return _world.Run(ProbeWorld.Spec(server.Url) with { Tls = new() { CaSecretRef = new() { Name = "ca" } } });
    }
}
