using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

public sealed class AliasTests
{
    private const string Swap =
        """{"actions":[{"remove":{"index":"old","alias":"products","must_exist":true}},{"add":{"index":"new","alias":"products","is_write_index":true}}]}""";

    public static TheoryData<string> Swappers => [.. PretendEngine.All.Where(KnowsMustExist).Select(engine => engine.Name)];

    [Theory, MemberData(nameof(Swappers))]
    public async Task A_swap_moves_the_alias_from_where_it_was(string engine)
    {
        await using var shop = await Shop(Named(engine));
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"old","alias":"products"}}]}""");

        Assert.True((await shop.Do("POST", "/_aliases", Swap)).GetProperty("acknowledged").GetBoolean());

        var shown = await shop.Do("GET", "/_alias/products");
        Assert.Equal("""{"new":{"aliases":{"products":{"is_write_index":true}}}}""", shown.GetRawText());
    }

    [Theory, MemberData(nameof(Swappers))]
    public async Task A_swap_from_elsewhere_changes_nothing(string engine)
    {
        await using var shop = await Shop(Named(engine));
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"other","alias":"products"}}]}""");

        var (status, body) = await shop.Send("POST", "/_aliases", Swap);

        Assert.Equal(404, status);
        var error = body.GetProperty("error");
        Assert.Equal(
            shop.Cluster.Engine.IsOpenSearch
                ? ("aliases_not_found_exception", "aliases [products] missing")
                : ("resource_not_found_exception", "required alias [products] does not exist"),
            (error.GetProperty("type").GetString()!, error.GetProperty("reason").GetString()!));
        var shown = await shop.Do("GET", "/_alias/products");
        Assert.Equal(["other"], shown.EnumerateObject().Select(index => index.Name));
    }

    [Theory]
    [InlineData("opensearch-1", "remove")]
    [InlineData("opensearch-2.11", "remove")]
    [InlineData("opensearch-3", "remove_index")]
    public async Task Must_exist_is_an_unknown_field_where_the_engine_has_it_not(string engine, string kind)
    {
        await using var shop = await Shop(Named(engine));
        var alias = kind == "remove" ? "\"alias\":\"products\"," : "";

        var (status, body) = await shop.Send(
            "POST", "/_aliases", $$$"""{"actions":[{"{{{kind}}}":{"index":"old",{{{alias}}}"must_exist":true}}]}""");

        Assert.Equal(400, status);
        Assert.Equal("x_content_parse_exception", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains($"[{kind}] unknown field [must_exist]", body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("opensearch-1", false)]
    [InlineData("opensearch-3", false)]
    [InlineData("elasticsearch-7", false)]
    [InlineData("elasticsearch-8", true)]
    public async Task A_plain_remove_of_what_is_not_there_is_left_out_when_something_else_is_done(string engine, bool tells)
    {
        await using var shop = await Shop(Named(engine));
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"other","alias":"products"}}]}""");

        var answer = await shop.Do("POST", "/_aliases", Swap.Replace(",\"must_exist\":true", ""));

        Assert.Equal(tells, answer.TryGetProperty("errors", out var errors) && errors.GetBoolean());
        var shown = await shop.Do("GET", "/_alias/products");
        Assert.Equal(["new", "other"], shown.EnumerateObject().Select(index => index.Name));
        var (status, body) = await shop.Send(
            "POST", "/_aliases", """{"actions":[{"remove":{"index":"old","alias":"nothing"}}]}""");
        Assert.Equal((404, "aliases_not_found_exception"), (status, Type(body)));
    }

    [Theory]
    [InlineData("""{"add":{"index":"new","alias":"old"}}""", 400, "invalid_alias_name_exception")]
    [InlineData("""{"add":{"index":"gone","alias":"products"}}""", 404, "index_not_found_exception")]
    [InlineData("""{"add":{"index":"new","alias":"a b"}}""", 400, "invalid_alias_name_exception")]
    [InlineData("""{"add":{"index":"taken","alias":"products"}}""", 400, "illegal_argument_exception")]
    [InlineData("""{"move":{"index":"new","alias":"products"}}""", 400, "x_content_parse_exception")]
    [InlineData("""{"add":{"index":"new","alias":"products"}},{"add":{"index":"old","alias":"products","is_write_index":true}},{"add":{"index":"other","alias":"products","is_write_index":true}}""", 500, "illegal_state_exception")]
    [InlineData("", 400, "action_request_validation_exception")]
    public async Task One_wrong_action_refuses_all(string actions, int expected, string type)
    {
        await using var shop = await Shop(PretendEngine.OpenSearch2);
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"other","alias":"taken"}}]}""");
        var first = actions.Length == 0 ? "" : """{"add":{"index":"new","alias":"first"}},""";

        var (status, body) = await shop.Send("POST", "/_aliases", $$"""{"actions":[{{first}}{{actions}}]}""");

        Assert.Equal((expected, type), (status, Type(body)));
        Assert.Equal(404, (await shop.Get("/_alias/first")).Status);
    }

    [Fact]
    public async Task An_index_of_that_name_can_be_replaced_by_the_alias_in_one_step()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);

        await shop.Do(
            "POST", "/_aliases", """{"actions":[{"add":{"index":"new","alias":"old"}},{"remove_index":{"index":"old"}}]}""");

        Assert.Equal(["new"], (await shop.Do("GET", "/_alias/old")).EnumerateObject().Select(index => index.Name));
    }

    [Fact]
    public async Task What_is_not_there_is_told_apart()
    {
        await using var shop = await Shop(PretendEngine.Elasticsearch9);

        var (status, body) = await shop.Get("/_alias/products");

        Assert.Equal(404, status);
        Assert.Equal("""{"error":"alias [products] missing","status":404}""", body.GetRawText());
        Assert.Equal("{}", (await shop.Do("GET", "/_alias/prod*")).GetRawText());
        Assert.Equal("""{"aliases":{}}""", (await shop.Do("GET", "/new/_alias")).GetProperty("new").GetRawText());
        Assert.Equal("{}", (await shop.Do("GET", "/nothing-*/_alias")).GetRawText());
        Assert.Equal((404, "index_not_found_exception"), await Refusal(shop, "GET", "/gone/_alias"));
        Assert.Equal((404, "index_not_found_exception"), await Refusal(shop, "GET", "/_resolve/index/products"));
    }

    [Fact]
    public async Task A_name_is_resolved_as_what_it_is()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch2);
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"indices":["new","old"],"alias":"products"}}]}""");

        var alias = await shop.Do("GET", "/_resolve/index/products");
        var index = await shop.Do("GET", "/_resolve/index/new");

        Assert.Equal(
            """{"indices":[],"aliases":[{"name":"products","indices":["new","old"]}],"data_streams":[]}""",
            alias.GetRawText());
        Assert.Equal("new", index.GetProperty("indices")[0].GetProperty("name").GetString());
        Assert.Empty(index.GetProperty("aliases").EnumerateArray());
    }

    private static bool KnowsMustExist(PretendEngine engine) => !engine.IsOpenSearch || engine.Major >= 2;

    private static PretendEngine Named(string name) => name == "opensearch-2.11"
        ? PretendEngine.OpenSearch2Before12
        : PretendEngine.All.Single(engine => engine.Name == name);

    private static string? Type(JsonElement body) => body.GetProperty("error").GetProperty("type").GetString();

    private static async Task<(int, string?)> Refusal(PretendHttp shop, string method, string path)
    {
        var (status, body) = await shop.Send(method, path);
        return (status, Type(body));
    }

    private static async Task<PretendHttp> Shop(PretendEngine engine)
    {
        var shop = await PretendHttp.Start(engine);
        foreach (var name in (string[])["old", "new", "other"])
        {
            await shop.Do("PUT", $"/{name}");
        }

        return shop;
    }
}
