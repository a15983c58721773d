using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

public sealed class BulkTests
{
    private const string Mapping =
        """{"settings":{"refresh_interval":"-1"},"mappings":{"properties":{"price":{"type":"double"},"n":{"type":"long"},"i":{"type":"integer"},"on":{"type":"boolean"},"at":{"type":"date"},"sku":{"type":"keyword"},"title":{"type":"text"},"maker":{"properties":{"name":{"type":"keyword"}}}}}}""";

    public static TheoryData<string> Engines => [.. PretendEngine.All.Select(engine => engine.Name)];

    [Theory, MemberData(nameof(Engines))]
    public async Task Documents_are_kept_byte_for_byte_and_counted_per_arrival(string engine)
    {
        await using var shop = await Shop(PretendEngine.All.Single(one => one.Name == engine));
        const string Source = """{ "title" : "Grün é \u00e9", "n":1.0 }""";

        await shop.Index("products", ("a", """{"n":1}"""), ("b", Source));
        var again = await shop.Index("products", ("b", Source));

        Assert.Equal(200, again.GetProperty("items")[0].GetProperty("index").GetProperty("status").GetInt32());
        var stored = shop.Cluster.Indices.Find("products")!.Documents.All();
        Assert.Equal([("a", 1), ("b", 2)], stored.Select(document => (document.Id, document.Received)));
        Assert.Equal(Source, Encoding.UTF8.GetString(stored[1].Source.Span));
        var (_, raw) = await shop.SendBytes("GET", "/products/_source/b", null);
        Assert.Equal(Source, Encoding.UTF8.GetString(raw));
        var (_, whole) = await shop.SendBytes("GET", "/products/_doc/b", null);
        Assert.EndsWith($"\"_source\":{Source}}}", Encoding.UTF8.GetString(whole), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"price":"n/a"}""", "failed to parse field [price] of type [double]", "number_format_exception")]
    [InlineData("""{"n":99999999999999999999}""", "[n] of type [long]", "illegal_argument_exception")]
    [InlineData("""{"i":2147483648}""", "[i] of type [integer]", "illegal_argument_exception")]
    [InlineData("""{"n":{"a":1}}""", "[n] of type [long]", "illegal_argument_exception")]
    [InlineData("""{"on":"yes"}""", "[on] of type [boolean]", "illegal_argument_exception")]
    [InlineData("""{"at":"yesterday"}""", "[at] of type [date]", "illegal_argument_exception")]
    [InlineData("""{"at":"2026-02-30"}""", "[at] of type [date]", "illegal_argument_exception")]
    [InlineData("""{"title":{"en":"x"}}""", "[title] of type [text]", "illegal_state_exception")]
    [InlineData("""{"maker":"acme"}""", "object mapping for [maker]", null)]
    [InlineData("""{"maker":{"name":[1,{"x":2}]}}""", "[maker.name] of type [keyword]", "illegal_state_exception")]
    [InlineData("""{"n":1""", "failed to parse", "json_parse_exception")]
    [InlineData("""{"n":1}}""", "failed to parse", "json_parse_exception")]
    [InlineData("""[1]""", "failed to parse", "not_x_content_exception")]
    public async Task A_document_that_does_not_fit_is_refused_alone(string poison, string reason, string? cause)
    {
        await using var shop = await Shop(PretendEngine.OpenSearch2);

        var answer = await shop.Index("products", ("good", """{"n":"7","price":1,"at":"2026-11-22T18:00:00Z"}"""), ("bad", poison));

        Assert.True(answer.GetProperty("errors").GetBoolean());
        var items = answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("index")).ToArray();
        Assert.Equal([201, 400], items.Select(item => item.GetProperty("status").GetInt32()));
        var error = items[1].GetProperty("error");
        Assert.Equal("mapper_parsing_exception", error.GetProperty("type").GetString());
        Assert.Contains(reason, error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(cause, error.TryGetProperty("caused_by", out var by) ? by.GetProperty("type").GetString() : null);
        Assert.Equal(1, shop.Cluster.Indices.Find("products")!.Documents.Count);
    }

    [Theory]
    [InlineData("opensearch-3", "mapper_parsing_exception", "failed to parse field [n]")]
    [InlineData("elasticsearch-7", "mapper_parsing_exception", "failed to parse field [n]")]
    [InlineData("elasticsearch-8", "document_parsing_exception", "[1:6] failed to parse field [n]")]
    public async Task The_refusal_has_the_name_the_engine_gives_it(string engine, string type, string reason)
    {
        await using var shop = await Shop(PretendEngine.All.Single(one => one.Name == engine));

        var answer = await shop.Index("products", ("bad", """{"n":"x"}"""));

        var error = answer.GetProperty("items")[0].GetProperty("index").GetProperty("error");
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.StartsWith(reason, error.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_mapping_takes_no_new_field_and_a_dynamic_one_remembers_it()
    {
        await using var shop = await PretendHttp.Start(PretendEngine.OpenSearch3);
        await shop.Do("PUT", "/strict", """{"mappings":{"dynamic":"strict","properties":{"a":{"type":"long"}}}}""");

        var strict = await shop.Index("strict", ("1", """{"a":1,"b":2}"""));
        var dynamic = await shop.Index("loose", ("1", """{"b":2}"""), ("2", """{"b":"x"}"""));

        var error = strict.GetProperty("items")[0].GetProperty("index").GetProperty("error");
        Assert.Equal("strict_dynamic_mapping_exception", error.GetProperty("type").GetString());
        Assert.Equal(
            "mapping set to strict, dynamic introduction of [b] within [_doc] is not allowed",
            error.GetProperty("reason").GetString());
        Assert.Equal([201, 400], Statuses(dynamic));
        var mapping = await shop.Do("GET", "/loose/_mapping");
        Assert.Equal(
            """{"mappings":{"properties":{"b":{"type":"long"}}}}""", mapping.GetProperty("loose").GetRawText());
    }

    [Theory]
    [InlineData("", "parse_exception")]
    [InlineData("{\"index\":{\"_id\":\"1\"}}\n{\"n\":1}", "illegal_argument_exception")]
    [InlineData("{\"index\":{\"_id\":\"1\"}}\n", "illegal_argument_exception")]
    [InlineData("{\"index\":{\"_id\":\"1\"}}\n{\"n\":\n{x}\n", "json_parse_exception")]
    [InlineData("{\"upsert\":{\"_id\":\"1\"}}\n{}\n", "illegal_argument_exception")]
    [InlineData("{\"index\":{\"_id\":\"1\",\"color\":\"red\"}}\n{}\n", "illegal_argument_exception")]
    [InlineData("[]\n{}\n", "illegal_argument_exception")]
    [InlineData("{\"delete\":{}}\n", "action_request_validation_exception")]
    public async Task A_body_that_is_not_well_formed_is_refused_as_a_whole(string body, string type)
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        var before = """{"index":{"_id":"0"}}""" + "\n{}\n";

        var (status, answer) = await shop.Send("POST", "/products/_bulk", body.Length == 0 ? body : before + body);

        Assert.Equal((400, type), (status, answer.GetProperty("error").GetProperty("type").GetString()));
        Assert.Equal(0, shop.Cluster.Indices.Find("products")!.Documents.Count);
    }

    [Fact]
    public async Task An_id_has_at_most_512_bytes()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        string Body(int bytes) => $$$"""{"index":{"_id":"{{{new string('x', bytes)}}}"}}""" + "\n{}\n";

        Assert.Equal(200, (await shop.Send("POST", "/products/_bulk", Body(512))).Status);
        Assert.Equal(400, (await shop.Send("POST", "/products/_bulk", Body(513))).Status);
    }

    [Fact]
    public async Task Without_an_alias_a_request_that_requires_one_writes_nothing_and_creates_nothing()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch2);
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"products","alias":"products.a1"}}]}""");

        Assert.Equal([201], Statuses(await shop.Index("products.a1?require_alias=true", ("1", "{}"))));
        var gone = await shop.Index("products.a0?require_alias=true", ("1", "{}"));
        var concrete = await shop.Index("products?require_alias=true", ("1", "{}"));

        Assert.Equal([404], Statuses(gone));
        var error = gone.GetProperty("items")[0].GetProperty("index").GetProperty("error");
        Assert.Equal("index_not_found_exception", error.GetProperty("type").GetString());
        Assert.Contains("[require_alias] request flag is [true]", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal([404], Statuses(concrete));
        Assert.Null(shop.Cluster.Indices.Find("products.a0"));
    }

    [Fact]
    public async Task An_alias_on_two_indices_takes_documents_only_with_a_write_index()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch2);
        await shop.Do("PUT", "/other");
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"indices":["products","other"],"alias":"all"}}]}""");

        Assert.Equal([400], Statuses(await shop.Index("all", ("1", "{}"))));
        await shop.Do("POST", "/_aliases", """{"actions":[{"add":{"index":"other","alias":"all","is_write_index":true}}]}""");
        Assert.Equal([201], Statuses(await shop.Index("all", ("1", "{}"))));

        Assert.NotNull(shop.Cluster.Indices.Find("other")!.Documents.Find("1"));
    }

    [Fact]
    public async Task Create_conflicts_with_what_is_there_and_delete_takes_it_away()
    {
        await using var shop = await Shop(PretendEngine.Elasticsearch8);
        await shop.Index("products", ("1", "{}"));

        var answer = await shop.Do("POST", "/products/_bulk", """
            {"create":{"_id":"1"}}
            {}
            {"create":{"_id":"2"}}
            {}
            {"delete":{"_id":"1"}}
            {"delete":{"_id":"9"}}

            """.ReplaceLineEndings("\n"));

        Assert.Equal([409, 201, 200, 404], Statuses(answer));
        Assert.Contains("version conflict, document already exists", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["2"], shop.Cluster.Indices.Find("products")!.Documents.All().Select(document => document.Id));
    }

    [Fact]
    public async Task Nobody_counts_documents_before_a_refresh_when_the_index_has_none_of_its_own()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch1);
        await shop.Index("products", ("1", "{}"), ("2", "{}"));

        Assert.Equal(0, (await shop.Do("GET", "/products/_count")).GetProperty("count").GetInt64());
        await shop.Do("POST", "/products/_refresh");
        Assert.Equal(2, (await shop.Do("GET", "/products/_count")).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task A_filter_path_keeps_places_and_leaves_out_the_rest()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);

        var (_, answer) = await shop.Send(
            "POST",
            "/products/_bulk?filter_path=errors,items.*.status,items.*.error.type",
            "{\"index\":{\"_id\":\"1\"}}\n{}\n{\"index\":{\"_id\":\"2\"}}\n{\"n\":\"x\"}\n");

        Assert.Equal(
            """{"errors":true,"items":[{"index":{"status":201}},{"index":{"status":400,"error":{"type":"mapper_parsing_exception"}}}]}""",
            answer.GetRawText());
    }

    [Fact]
    public async Task A_body_may_be_gzip_and_nothing_else()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        var body = "{\"index\":{\"_id\":\"1\"}}\n{}\n"u8.ToArray();
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress))
        {
            gzip.Write(body);
        }

        Assert.Equal(200, (await shop.SendBytes("POST", "/products/_bulk", zipped.ToArray(), "gzip", "application/x-ndjson")).Status);
        Assert.Equal(400, (await shop.SendBytes("POST", "/products/_bulk", zipped.ToArray()[4..], "gzip")).Status);
        Assert.Equal(400, (await shop.SendBytes("POST", "/products/_bulk", zipped.ToArray(), "zstd")).Status);
        Assert.Equal(406, (await shop.SendBytes("POST", "/products/_bulk", body, type: "text/plain")).Status);
        Assert.Equal(413, (await shop.SendBytes("POST", "/products/_bulk", new byte[(100 << 20) + 1])).Status);
    }

    private static IEnumerable<int> Statuses(JsonElement answer) => answer.GetProperty("items").EnumerateArray()
        .Select(item => item.EnumerateObject().Single().Value.GetProperty("status").GetInt32());

    private static async Task<PretendHttp> Shop(PretendEngine engine)
    {
        var shop = await PretendHttp.Start(engine);
        await shop.Do("PUT", "/products", Mapping);
        return shop;
    }
}
