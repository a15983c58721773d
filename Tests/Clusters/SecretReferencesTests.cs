using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

public sealed class SecretReferencesTests : IDisposable
{
    private readonly ProbeWorld _world = new();

    [Fact]
    public async Task A_spec_without_Secrets_has_no_problems_and_asks_nobody()
    {
        _world.SecretsUnreadable = true;

        Assert.Empty(await Problems(Facts.Spec));
    }

    [Fact]
    public async Task Every_Secret_of_the_spec_is_looked_at()
    {
        var spec = Facts.Spec with
        {
            Auth = new() { Bearer = new() { SecretRef = new() { Name = "token" } } },
            Tls = new() { CaSecretRef = new() { Name = "ca" } },
        };

        Assert.Equal(
            [
                "spec.auth.bearer.secretRef.name 'token': There is no such Secret in namespace prod; create it with key \"token\", or name another one.",
                "spec.tls.caSecretRef.name 'ca': There is no such Secret in namespace prod; create it with key \"ca.crt\", or name another one.",
            ],
            (await Problems(spec)).Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("me", null, "lacks key \"password\"")]
    [InlineData(null, null, "lacks keys \"username\" and \"password\"")]
    [InlineData("me", " \n", "lacks key \"password\"")]
    [InlineData("me:too", "s3cret", "holds a colon")]
    public async Task A_Secret_that_cannot_be_used_says_why_and_never_what_is_in_it(string? username, string? password, string says)
    {
        _world.Secret("monitor", [.. new[] { ("username", username), ("password", password) }.Where(d => d.Item2 is not null).Select(d => (d.Item1, d.Item2!))]);

        var problem = Assert.Single(await Problems(Basic));

        Assert.Contains(says, problem.Cure, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Secret_that_nobody_has_allowed_is_used_nowhere_and_says_how_to_allow_it()
    {
        await using var server = new StubServer("");
        _world.Secret("monitor", ("username", "me"), ("password", "s3cret"));
        _world.Withheld.Add("monitor");

        var problem = Assert.Single(await Problems(Basic));
        var outcome = await _world.Check(Basic with { Endpoints = [server.Url] });

        Assert.Contains("kubectl label secret monitor -n prod clustergrains.io/allow=true", problem.Cure, StringComparison.Ordinal);
        Assert.Equal(FindingCodes.SecretUnusable, Assert.Single(outcome.Findings).Code);
        Assert.False(outcome.CredentialsValid);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_token_that_no_header_carries_and_a_bundle_without_certificates_are_problems()
    {
        _world.Secret("token", ("token", "two\nlines"));
        _world.Secret("ca", ("ca.crt", "not PEM"));
        var spec = Facts.Spec with
        {
            Auth = new() { Bearer = new() { SecretRef = new() { Name = "token" } } },
            Tls = new() { CaSecretRef = new() { Name = "ca" } },
        };

        Assert.Equal(["spec.auth.bearer.secretRef.name", "spec.tls.caSecretRef.name"], (await Problems(spec)).Select(problem => problem.Field));
    }

    [Theory]
    [InlineData("basic", "Basic bWU6czNjcmV0")]
    [InlineData("apiKey", "ApiKey aWQ6czNjcmV0")]
    [InlineData("encodedKey", "ApiKey aWQ6czNjcmV0")]
    [InlineData("bearer", "Bearer a.b.c")]
    public async Task Each_way_to_sign_in_has_its_header(string way, string header)
    {
        _world.Secret("s", ("username", "me"), ("password", "s3cret\n"), ("token", "a.b.c\n"), ("apiKey", way == "apiKey" ? "id:s3cret" : "aWQ6czNjcmV0"));
        var secret = new SecretAuthSpec { SecretRef = new() { Name = "s" } };
        var auth = way switch
        {
            "basic" => new AuthSpec { Basic = secret },
            "bearer" => new AuthSpec { Bearer = secret },
            _ => new AuthSpec { ApiKey = secret },
        };
        var heads = new List<string>();
        await using var server = new StubServer((head, stream, cancel) =>
        {
            heads.Add(head);
            return stream.WriteAsync(Encoding.ASCII.GetBytes(StubServer.Http("401 Unauthorized", "")), cancel).AsTask();
        });

        await _world.Run(ProbeWorld.Spec(server.Url) with { Auth = auth });

        Assert.Contains($"Authorization: {header}\r\n", Assert.Single(heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_Secrets_a_cluster_is_not_asked()
    {
        await using var server = new StubServer("");
        var spec = Basic with { Endpoints = [server.Url] };

        var missing = await _world.Check(spec);
        _world.SecretsUnreadable = true;
        var unreadable = await _world.Check(spec);

        Assert.Equal(FindingCodes.SecretUnusable, Assert.Single(missing.Findings).Code);
        Assert.False(missing.CredentialsValid);
        Assert.Equal(FindingCodes.SecretUnreadable, Assert.Single(unreadable.Findings).Code);
        Assert.Equal(0, server.Connections);
    }

    public void Dispose() => _world.Dispose();

    private static SearchClusterSpec Basic => Facts.Spec with { Auth = new() { Basic = new() { SecretRef = new() { Name = "monitor" } } } };

    private async Task<IReadOnlyList<SpecProblem>> Problems(SearchClusterSpec spec) =>
        await SecretReferences.Check(_world, "prod", spec, TestContext.Current.CancellationToken);
}
