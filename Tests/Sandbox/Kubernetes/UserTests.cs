using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Users;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>The sandbox's table of users: who they are, what they may, and until when.</summary>
public sealed class UserTests : IAsyncLifetime
{
    private const string Table = """
        users:
        - name: alice
          token: alices-token
          groups: [team-a]
          rules:
          - {verbs: [get, list], resources: [searchclusters], namespaces: [team-a]}
          - {verbs: [get], paths: [/clustergrains/dashboard]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-api");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private KubernetesApi _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "users.yaml"), Table, Cancellation);
        _api = await KubernetesApi.Start(
            new KubernetesApiOptions { DataFolder = _folder.FullName, TimeProvider = _time }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_user_of_the_table_may_do_what_it_says_and_nothing_else()
    {
        using var alice = Client("alices-token");

        (await alice.Get(In("team-a"))).Expect(HttpStatusCode.OK);
        var refused = (await alice.Get(In("team-b"))).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(
            "searchclusters.clustergrains.io \"\" is forbidden: User \"alice\" cannot list resource \"searchclusters\" in API group "
            + "\"clustergrains.io\" in the namespace \"team-b\"",
            refused.Message);
        (await alice.Delete(In("team-a") + "/any")).Expect(HttpStatusCode.Forbidden);
        (await alice.Get("/sandbox/faults")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_is_known_until_it_expires()
    {
        _api.Users.Add(new ApiUser("bob", "bobs-token") { Expires = _time.GetUtcNow().AddMinutes(10) });

        Assert.Equal("bob", await WhoHas("bobs-token"));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await WhoHas("bobs-token"));
    }

    [Fact]
    public async Task A_token_for_one_audience_is_none_for_another()
    {
        _api.Users.Add(new ApiUser("carol", "carols-token") { Audiences = ["clustergrains"] });

        Assert.Equal("carol", await WhoHas("carols-token", "clustergrains"));
        Assert.Null(await WhoHas("carols-token"));
        Assert.Null(await WhoHas("alices-token", "clustergrains"));
        using var carol = Client("carols-token");
        (await carol.Get(In("team-a"))).Expect(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("true", "resourceAttributes: {verb: list, group: clustergrains.io, resource: searchclusters, namespace: team-a}")]
    [InlineData("false", "resourceAttributes: {verb: list, group: clustergrains.io, resource: searchclusters}")]
    [InlineData("false", "resourceAttributes: {verb: delete, group: clustergrains.io, resource: searchclusters, namespace: team-a}")]
    [InlineData("true", "nonResourceAttributes: {verb: get, path: /clustergrains/dashboard}")]
    public async Task Kubectl_asks_what_its_own_user_may(string answer, string attributes)
    {
        using var kubectl = new Kubectl(_api.Kubeconfig.Replace(_api.Token, "alices-token", StringComparison.Ordinal));
        var review = kubectl.File("review.yaml", $$"""
            apiVersion: authorization.k8s.io/v1
            kind: SelfSubjectAccessReview
            spec:
              {{attributes}}
            """);

        Assert.Equal(answer, await kubectl.Run("create", "-f", review, "-o", "jsonpath={.status.allowed}"));
    }

    private static string In(string space) => $"/apis/clustergrains.io/v1alpha1/namespaces/{space}/searchclusters";

    private ApiClient Client(string token) => new(_api.Kubeconfig.Replace(_api.Token, token, StringComparison.Ordinal));

    private async Task<string?> WhoHas(string token, params string[] audiences)
    {
        using var client = new ApiClient(_api.Kubeconfig);
        var review = await client.Post("/apis/authentication.k8s.io/v1/tokenreviews", new JsonObject
        {
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray([.. audiences.Select(one => JsonValue.Create(one))]) },
        });
        return review.Expect(HttpStatusCode.Created).Json.Member("status")!.Member("user")!.Text("username");
    }
}
