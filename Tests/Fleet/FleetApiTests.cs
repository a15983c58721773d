using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetApiTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const string Path = "api/v1/searchclusters";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_ordered_paged_and_filtered_by_namespace()
    {
        string[] keys = ["paged-b/one", "paged-a/two", "paged-a/one", "paged-a/three"];
        foreach (var key in keys)
        {
            await Observe(key);
        }

        var first = await Get($"{Path}?namespace=paged-a&limit=2");
        var second = await Get($"{Path}?namespace=paged-a&limit=2&continue={first["continue"]}");

        Assert.Equal(["paged-a/one", "paged-a/three"], Keys(first));
        Assert.Equal(["paged-a/two"], Keys(second));
        Assert.Null(second["continue"]);
    }

    [Fact]
    public async Task One_resource_is_its_row_and_its_status()
    {
        await Observe("one/search");

        var found = await Get($"{Path}/one/search");

        Assert.Equal("SearchCluster", (string?)found["kind"]);
        Assert.Equal("uid-of-one/search", (string?)found["uid"]);
        Assert.Equal("Active", (string?)found["phase"]);
        Assert.Equal(1, (int?)found["status"]?["observedGeneration"]);
    }

    [Fact]
    public async Task Every_kind_has_its_list() => Assert.Empty((await Get("/api/v1/searchdatasets"))["items"]!.AsArray());

    [Theory]
    [InlineData($"{Path}/nobody/here", HttpStatusCode.NotFound, "There is no SearchCluster nobody/here.")]
    [InlineData($"{Path}?limit=501", HttpStatusCode.BadRequest, "limit is 501; it must be between 1 and 500.")]
    [InlineData($"{Path}?limit=0", HttpStatusCode.BadRequest, "limit is 0; it must be between 1 and 500.")]
    [InlineData($"{Path}?continue=zzz", HttpStatusCode.BadRequest, "continue is not a token that this API gave out; start again without it.")]
    public async Task A_mistake_is_a_problem_document(string path, HttpStatusCode status, string detail)
    {
        using var answer = await silo.Api.GetAsync(path, Cancellation);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(detail, (string?)problem!["detail"]);
    }

    [Theory]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound, "There is no such route. GET /api/v1/openapi.json lists them all.")]
    [InlineData("/api/v2/searchclusters", HttpStatusCode.NotFound, "There is no such route. GET /api/v1/openapi.json lists them all.")]
    [InlineData($"{Path}/Nobody/here", HttpStatusCode.BadRequest, "namespace is Nobody; it must be a namespace: lower-case letters, digits and '-', at most 63.")]
    [InlineData($"{Path}/nobody/here?limit=1", HttpStatusCode.BadRequest, "limit is no parameter here; there are none.")]
    [InlineData($"{Path}/nobody/he%1b%5b31mre", HttpStatusCode.BadRequest, "name is he [31mre; it must be the name of a resource: lower-case letters, digits, '-' and '.', at most 63.")]
    [InlineData($"{Path}/nobody/here/history", HttpStatusCode.NotFound, "There is no SearchCluster nobody/here, and no record of one in that time.")]
    [InlineData("/api/v1/summary?kind=x", HttpStatusCode.BadRequest, "kind is no parameter here; there are namespace.")]
    public async Task Whatever_is_wrong_is_a_problem_document_also_for_who_asks_for_a_page(string path, HttpStatusCode status, string detail)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html");

        using var answer = await silo.Api.SendAsync(request, Cancellation);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(detail, (string?)problem!["detail"]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task The_fleet_is_read_only(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Path);

        using var answer = await silo.Api.SendAsync(request, Cancellation);

        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET"], answer.Content.Headers.Allow);
        Assert.Equal("This API only reads: use GET. To change a resource, use kubectl.", (string?)problem!["detail"]);
    }

    private Task Observe(string key)
    {
        var (space, name) = ResourceKey.Parse(key);
        return silo.Resource(new ResourceKey(space, name)).Observe(
            new Manifest
            {
                Namespace = space,
                Name = name,
                Uid = $"uid-of-{key}",
                Generation = 1,
                ResourceVersion = "1",
                CreatedAt = DateTimeOffset.UnixEpoch,
                Spec = """{"endpoints":["http://search.invalid:9200"],"suspend":true}""",
            },
            Cancellation);
    }

    private async Task<JsonObject> Get(string path) => (await silo.Api.GetFromJsonAsync<JsonObject>(path, Cancellation))!;

    private static IEnumerable<string> Keys(JsonObject page) =>
        page["items"]!.AsArray().Select(item => $"{item!["namespace"]}/{item["name"]}");
}
