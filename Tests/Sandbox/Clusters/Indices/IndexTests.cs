using System.Text;
using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

public sealed class IndexTests
{
    private const string Body =
        """{"settings":{"index":{"number_of_shards":6,"number_of_replicas":0,"refresh_interval":"-1"}},"mappings":{"_meta":{"mine":1},"dynamic":"strict","properties":{"a":{"type":"long"}}}}""";

    public static TheoryData<string> Engines => [.. PretendEngine.All.Select(engine => engine.Name)];

    [Theory, MemberData(nameof(Engines))]
    public async Task An_index_is_what_it_was_created_as(string engine)
    {
        await using var shop = await PretendHttp.Start(PretendEngine.Named(engine));

        var created = await shop.Do("PUT", "/products?wait_for_active_shards=1", Body);

        Assert.Equal("""{"acknowledged":true,"shards_acknowledged":true,"index":"products"}""", created.GetRawText());
        var index = (await shop.Do("GET", "/products")).GetProperty("products");
        Assert.Equal(
            """{"_meta":{"mine":1},"dynamic":"strict","properties":{"a":{"type":"long"}}}""",
            index.GetProperty("mappings").GetRawText());
        var settings = index.GetProperty("settings").GetProperty("index");
        Assert.Equal(22, settings.GetProperty("uuid").GetString()!.Length);
        Assert.Equal(("6", "0", "-1"), (Text(settings, "number_of_shards"), Text(settings, "number_of_replicas"), Text(settings, "refresh_interval")));
        Assert.Equal(200, (await shop.Send("HEAD", "/products")).Status);
        Assert.Equal(404, (await shop.Send("HEAD", "/other")).Status);
    }

    [Fact]
    public async Task A_uuid_never_comes_again()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch3);
        await shop.Do("PUT", "/products");
        var first = shop.Cluster.Indices.Find("products")!.Uuid;
        await shop.Do("DELETE", "/products");
        await shop.Do("PUT", "/products");

        Assert.NotEqual(first, shop.Cluster.Indices.Find("products")!.Uuid);
    }

    [Theory]
    [InlineData("/Products", "{}", "invalid_index_name_exception")]
    [InlineData("/-products", "{}", "invalid_index_name_exception")]
    [InlineData("/a%20b", "{}", "invalid_index_name_exception")]
    [InlineData("/a%23b", "{}", "invalid_index_name_exception")]
    [InlineData("/there", "{}", "resource_already_exists_exception")]
    [InlineData("/alias", "{}", "invalid_index_name_exception")]
    [InlineData("/new", """{"setings":{}}""", "parse_exception")]
    [InlineData("/new", """{"settings":{"number_of_shard":1}}""", "illegal_argument_exception")]
    [InlineData("/new", """{"settings":{"index.number_of_shards":0}}""", "illegal_argument_exception")]
    [InlineData("/new", """{"settings":{"index.number_of_shards":1025}}""", "illegal_argument_exception")]
    [InlineData("/new", """{"settings":{"index.number_of_shards":1000,"index.number_of_replicas":2}}""", "validation_exception")]
    [InlineData("/new", """{"settings":{"refresh_interval":"soon"}}""", "illegal_argument_exception")]
    [InlineData("/new", """{"mappings":{"properties":{"a":{"type":"number"}}}}""", "mapper_parsing_exception")]
    [InlineData("/new", """{"mappings":{"propertys":{}}}""", "mapper_parsing_exception")]
    [InlineData("/new", "{", "json_parse_exception")]
    public async Task What_cannot_be_created_is_refused_and_not_there(string path, string body, string type)
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch2);
        await shop.Do("PUT", "/there", """{"aliases":{"alias":{}}}""");

        var (status, answer) = await shop.Send("PUT", path, body);

        Assert.Equal((400, type), (status, Type(answer)));
        Assert.Equal(["there"], shop.Cluster.Indices.All.Select(index => index.Name));
    }

    [Fact]
    public async Task Only_an_exact_index_is_deleted()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.Elasticsearch8);
        await shop.Do("PUT", "/products", """{"aliases":{"alias":{}}}""");

        Assert.Equal((400, "illegal_argument_exception"), await Refusal(shop, "DELETE", "/prod*"));
        Assert.Equal((400, "illegal_argument_exception"), await Refusal(shop, "DELETE", "/_all"));
        Assert.Equal((400, "illegal_argument_exception"), await Refusal(shop, "DELETE", "/alias"));
        Assert.Equal((404, "index_not_found_exception"), await Refusal(shop, "DELETE", "/gone"));
        await shop.Do("DELETE", "/products");

        Assert.Empty(shop.Cluster.Indices.All);
    }

    [Fact]
    public async Task A_mapping_grows_and_its_meta_is_replaced()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch1);
        await shop.Do("PUT", "/products", Body);

        await shop.Do("PUT", "/products/_mapping", """{"_meta":{"other":2},"properties":{"b":{"type":"text"}}}""");
        var changed = await Refusal(shop, "PUT", "/products/_mapping", """{"properties":{"a":{"type":"text"}}}""");

        Assert.Equal((400, "illegal_argument_exception"), changed);
        var mapping = await shop.Do("GET", "/prod*/_mapping?filter_path=*.mappings._meta");
        Assert.Equal("""{"products":{"mappings":{"_meta":{"other":2}}}}""", mapping.GetRawText());
        Assert.Equal(["a", "b"], shop.Cluster.Indices.Find("products")!.Mapping.Root.Properties.Keys.Order());
    }

    [Fact]
    public async Task Settings_change_where_they_can()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch3);
        await shop.Do("PUT", "/products", Body);

        await shop.Do("PUT", "/products/_settings", """{"index":{"number_of_replicas":1,"refresh_interval":null}}""");

        var settings = await shop.Do("GET", "/products/_settings?flat_settings=true");
        var flat = settings.GetProperty("products").GetProperty("settings");
        Assert.Equal("1", Text(flat, "index.number_of_replicas"));
        Assert.False(flat.TryGetProperty("index.refresh_interval", out _));
        Assert.Equal((400, "illegal_argument_exception"), await Refusal(shop, "PUT", "/products/_settings", """{"number_of_shards":7}"""));
        Assert.Equal((400, "illegal_argument_exception"), await Refusal(shop, "PUT", "/products/_settings", """{"codec":"best_compression"}"""));
        Assert.Equal((400, "illegal_argument_exception"), await Refusal(shop, "PUT", "/products/_settings", """{"colour":"red"}"""));
    }

    [Fact]
    public async Task A_write_block_refuses_documents_and_lets_aliases_mapping_and_delete_pass()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch2);
        await shop.Do("PUT", "/products", Body);
        await shop.Do("PUT", "/products/_block/write");

        var answer = await shop.Index("products", ("1", "{}"));

        var item = answer.GetProperty("items")[0].GetProperty("index");
        Assert.Equal(403, item.GetProperty("status").GetInt32());
        Assert.Equal("cluster_block_exception", item.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains("FORBIDDEN/8/index write (api)", item.GetRawText(), StringComparison.Ordinal);
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"products","alias":"alias"}}]}""");
        await shop.Do("PUT", "/products/_mapping", """{"_meta":{}}""");
        await shop.Do("DELETE", "/products");
    }

    [Fact]
    public async Task A_read_only_index_refuses_all_changes_until_the_block_is_taken_away()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.Elasticsearch7);
        await shop.Do("PUT", "/products", Body);
        await shop.Do("PUT", "/products/_settings", """{"index.blocks.read_only":true}""");

        const string Add = """{"actions":[{"add":{"index":"products","alias":"alias"}}]}""";
        Assert.Equal((403, "cluster_block_exception"), await Refusal(shop, "POST", "/_aliases", Add));
        Assert.Equal((403, "cluster_block_exception"), await Refusal(shop, "DELETE", "/products"));
        await shop.Do("PUT", "/products/_settings", """{"index.blocks.read_only":null}""");
        await shop.Do("POST", "/_aliases", Add);
    }

    [Fact]
    public async Task Templates_show_what_they_would_do_and_do_it()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch3);
        Assert.Equal("{}", (await shop.Do("POST", "/_index_template/_simulate_index/products-1")).GetRawText());
        await shop.Do("PUT", "/_template/old", """{"index_patterns":["*"],"settings":{"number_of_replicas":0}}""");
        await shop.Do(
            "PUT",
            "/_index_template/live",
            """{"index_patterns":["products-*"],"template":{"settings":{"index.plugins.index_state_management.policy_id":"roll"},"aliases":{"products":{}}}}""");

        var template = (await shop.Do("POST", "/_index_template/_simulate_index/products-1")).GetProperty("template");
        await shop.Do("PUT", "/products-1", Body);
        await shop.Do("PUT", "/other");

        Assert.Equal("""{"products":{}}""", template.GetProperty("aliases").GetRawText());
        Assert.Contains("policy_id", template.GetProperty("settings").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["products"], shop.Cluster.Indices.Find("products-1")!.Aliases.Keys);
        Assert.Equal(6, shop.Cluster.Indices.Find("products-1")!.Shards);
        Assert.Equal(0, shop.Cluster.Indices.Find("other")!.Replicas);
        Assert.Equal(["old"], (await shop.Do("GET", "/_template")).EnumerateObject().Select(one => one.Name));
    }

    [Fact]
    public async Task Health_counts_the_shards_of_one_index_and_of_all()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch3);
        await shop.Do("PUT", "/products", Body);

        var one = await shop.Do("GET", "/_cluster/health/products?wait_for_status=green&timeout=1s");
        await shop.Do("PUT", "/products/_settings", """{"number_of_replicas":3}""");
        var (status, late) = await shop.Get("/_cluster/health/products?wait_for_status=green&timeout=1s");

        Assert.Equal(("green", 6), (Text(one, "status"), one.GetProperty("active_shards").GetInt32()));
        Assert.Equal((408, "yellow", true), (status, Text(late, "status"), late.GetProperty("timed_out").GetBoolean()));
        Assert.Equal(24 + 18, (await shop.Do("GET", "/_cluster/health")).GetProperty("active_shards").GetInt32());
        Assert.Equal(408, (await shop.Get("/_cluster/health/gone?timeout=1s")).Status);
    }

    [Fact]
    public async Task Searches_find_what_matches_and_refuse_what_they_do_not_know()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch3);
        await shop.Do("PUT", "/products", """{"mappings":{"properties":{"title":{"type":"text"},"sku":{"type":"keyword"}}}}""");
        await shop.Index("products", ("1", """{"title":"Red Shoes","sku":"A 1","n":5}"""), ("2", """{"title":"Blue hat","sku":"B"}"""));

        async Task<long> Hits(string query) => (await shop.Do(
            "POST", "/products/_search", $$"""{"query":{{query}},"size":0,"track_total_hits":true}"""))
            .GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64();

        Assert.Equal(2, await Hits("""{"match_all":{}}"""));
        Assert.Equal(1, await Hits("""{"match":{"title":"shoes boots"}}"""));
        Assert.Equal(0, await Hits("""{"term":{"title":"Shoes"}}"""));
        Assert.Equal(1, await Hits("""{"term":{"sku":{"value":"A 1"}}}"""));
        Assert.Equal(1, await Hits("""{"term":{"n":5}}"""));
        Assert.Equal(1, await Hits("""{"ids":{"values":["2","3"]}}"""));
        Assert.Equal((400, "parsing_exception"), await Refusal(shop, "POST", "/products/_search", """{"query":{"fuzy":{"title":"x"}}}"""));
        Assert.Equal((400, "parsing_exception"), await Refusal(shop, "POST", "/products/_search", """{"aggs":{}}"""));
        var (_, bytes) = await shop.SendBytes("GET", "/products/_search?size=1", null);
        Assert.Contains("\"_source\":{\"title\":\"Red Shoes\",\"sku\":\"A 1\",\"n\":5}", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disks_and_sizes_are_told()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.Elasticsearch9);
        await shop.Index("products", ("1", """{"n":5}"""));
        shop.Cluster.SetDisk(0, 12345);

        var disks = await shop.Do("GET", "/_cat/allocation?format=json&bytes=b");
        var stats = await shop.Do("GET", "/products/_stats/store,docs");

        Assert.Equal("12345", Text(disks[0], "disk.avail"));
        Assert.Equal(2, disks.GetArrayLength());
        var primaries = stats.GetProperty("_all").GetProperty("primaries");
        Assert.Equal(1, primaries.GetProperty("docs").GetProperty("count").GetInt32());
        Assert.Equal(7, primaries.GetProperty("store").GetProperty("size_in_bytes").GetInt32());
    }

    private static string? Text(JsonElement parent, string name) => parent.GetProperty(name).GetString();

    private static string? Type(JsonElement body) => body.GetProperty("error").GetProperty("type").GetString();

    private static async Task<(int, string?)> Refusal(PretendHttp shop, string method, string path, string? body = null)
    {
        var (status, answer) = await shop.Send(method, path, body);
        return (status, Type(answer));
    }
}
