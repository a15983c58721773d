using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>The one request that readers notice, and every way in which engines refuse it.</summary>
public sealed class SwapTests : IDisposable
{
    private const string Aliases = "POST /_aliases";
    private const string ShowsOld = """{"old":{"aliases":{"products":{"is_write_index":true}}}}""";

    private readonly ProbeWorld _world = new();

    [Theory]
    [InlineData("opensearch", "1.3.20", false)]
    [InlineData("opensearch", "2.11.1", false)]
    [InlineData("opensearch", "2.12.0", true)]
    [InlineData("opensearch", "3.1.0", true)]
    [InlineData("elasticsearch", "7.10.2", false)]
    [InlineData("elasticsearch", "7.11.0", true)]
    [InlineData("elasticsearch", "8.15.2", true)]
    [InlineData("elasticsearch", "9.0.1", true)]
    public async Task The_old_index_must_exist_where_the_engine_takes_that(string engine, string version, bool mustExist)
    {
        await using var server = Engine(engine, version).Says(Aliases, """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        var answer = await session.Swap("products", new AliasTarget("old"), "new", Cancellation);

        Assert.Equal(SwapResult.Done, answer.Result);
        var condition = mustExist ? ",\"must_exist\":true" : "";
        Assert.Equal(
            $$$"""{"actions":[{"remove":{"index":"old","alias":"products"{{{condition}}}}},{"add":{"index":"new","alias":"products","is_write_index":true}}]}""",
            server.Last.Body);
    }

    [Fact]
    public async Task The_first_index_is_only_added()
    {
        await using var server = new RecordedEngine()
            .Says("GET /products", NoSuchIndex("products"), "404 Not Found")
            .Says(Aliases, """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        var answer = await session.Swap("products", null, "new", Cancellation);

        Assert.Equal(SwapResult.Done, answer.Result);
        Assert.Equal(
            """{"actions":[{"add":{"index":"new","alias":"products","is_write_index":true}}]}""", server.Last.Body);
    }

    [Fact]
    public async Task What_the_alias_was_besides_a_name_is_kept()
    {
        await using var server = new RecordedEngine()
            .Says(
                "GET /products",
                """{"old":{"aliases":{"products":{"filter":{"term":{"shop":"1"}},"index_routing":"a","search_routing":"a","is_write_index":false,"is_hidden":true}}}}""")
            .Says(Aliases, """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        await session.Swap("products", new AliasTarget("old"), "new", Cancellation);

        Assert.EndsWith(
            """{"add":{"index":"new","alias":"products","filter":{"term":{"shop":"1"}},"index_routing":"a","search_routing":"a","is_hidden":true,"is_write_index":true}}]}""",
            server.Last.Body,
            StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, SwapResult> Answers() => new()
    {
        // Of all engines.
        { "3.1.0", "200 OK", """{"acknowledged":false}""", SwapResult.Unconfirmed },
        { "3.1.0", "404 Not Found", NoSuchIndex("new"), SwapResult.Missing },
        { "3.1.0", "404 Not Found", NoSuchIndex("old"), SwapResult.NotAsExpected },
        {
            "3.1.0", "400 Bad Request",
            Error(400, "invalid_alias_name_exception", "Invalid alias name [products]: an index or data stream exists with the same name as the alias"),
            SwapResult.NameTaken
        },

        // OpenSearch since 2.12, before and in the change of the state.
        { "2.12.0", "404 Not Found", Error(404, "aliases_not_found_exception", "aliases [products] missing"), SwapResult.NotAsExpected },
        { "2.12.0", "400 Bad Request", Error(400, "illegal_argument_exception", "required alias [products] does not exist"), SwapResult.NotAsExpected },

        // Elasticsearch.
        { "e8.15.2", "404 Not Found", Error(404, "resource_not_found_exception", "required alias [products] does not exist"), SwapResult.NotAsExpected },
        { "e9.0.0", "200 OK", """{"acknowledged":true,"errors":false}""", SwapResult.Done },
        {
            "e9.0.0", "200 OK",
            """{"acknowledged":true,"errors":true,"action_results":[{"action":{"type":"remove","indices":["old"],"aliases":["products"]},"status":404,"error":{"type":"aliases_not_found_exception","reason":"aliases [products] missing"}},{"action":{"type":"add"},"status":200}]}""",
            SwapResult.NotAsExpected
        },
        {
            "e8.15.2", "400 Bad Request",
            Error(400, "illegal_state_exception", "alias [products] has more than one write index [new,other]"),
            SwapResult.NotAsExpected
        },

        // Blocks, in the statuses they had over time.
        {
            "3.1.0", "429 Too Many Requests",
            Error(429, "cluster_block_exception", "index [old] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];"),
            SwapResult.Blocked
        },
        {
            "e7.0.0", "403 Forbidden",
            Error(403, "cluster_block_exception", "index [old] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];"),
            SwapResult.Blocked
        },
        { "3.1.0", "403 Forbidden", Error(403, "cluster_block_exception", "index [old] blocked by: [FORBIDDEN/5/index read-only (api)];"), SwapResult.Blocked },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_has_its_meaning(string version, string status, string body, SwapResult expected)
    {
        await using var server = (version[0] == 'e' ? Engine("elasticsearch", version[1..]) : Engine("opensearch", version))
            .Says(Aliases, body, status);
        await using var session = await server.Connect(_world);

        Assert.Equal(expected, (await session.Swap("products", new AliasTarget("old"), "new", Cancellation)).Result);
    }

    [Theory]
    [InlineData("429 Too Many Requests", "circuit_breaking_exception")]
    [InlineData("503 Service Unavailable", "process_cluster_event_timeout_exception")]
    [InlineData("403 Forbidden", "security_exception")]
    [InlineData("500 Internal Server Error", "null_pointer_exception")]
    [InlineData("503 Service Unavailable", "cluster_block_exception")]
    public async Task What_says_nothing_of_the_alias_leaves_it_unknown(string status, string type)
    {
        await using var server = Engine().Says(Aliases, Error(int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture), type, "no"), status);
        await using var session = await server.Connect(_world);

        var failure = await Assert.ThrowsAsync<DependencyException>(
            () => session.Swap("products", new AliasTarget("old"), "new", Cancellation));

        Assert.Equal(Dependency.SearchCluster, failure.Dependency);
        Assert.Contains(type, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"other":{"aliases":{"products":{}}}}""", "other")]
    [InlineData("""{"old":{"aliases":{"products":{}}},"other":{"aliases":{"products":{}}}}""", "old, other")]
    public async Task An_alias_that_is_elsewhere_is_not_touched(string shown, string said)
    {
        await using var server = new RecordedEngine().Says("GET /products", shown);
        await using var session = await server.Connect(_world);

        var answer = await session.Swap("products", new AliasTarget("old"), "new", Cancellation);

        Assert.Equal(SwapResult.NotAsExpected, answer.Result);
        Assert.Contains(said, answer.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Method == "POST");
    }

    [Theory]
    [InlineData("""{"products":{"aliases":{},"settings":{"index":{"uuid":"x"}}}}""")]
    [InlineData("""{".ds-products-2026.11.22-000001":{"aliases":{},"settings":{"index":{"uuid":"x"}}}}""")]
    public async Task An_index_or_data_stream_of_the_aliass_name_is_not_touched(string found)
    {
        await using var server = new RecordedEngine().Says("GET /products", found);
        await using var session = await server.Connect(_world);

        Assert.True((await session.Alias("products", Cancellation)).IndexOfThatName);
        Assert.Equal(SwapResult.NameTaken, (await session.Swap("products", null, "new", Cancellation)).Result);
        Assert.DoesNotContain(server.Requests, request => request.Method == "POST");
    }

    [Theory]
    [InlineData("404 Not Found", "<html>default backend - 404</html>")]
    [InlineData("200 OK", "{}")]
    [InlineData("200 OK", "[]")]
    public async Task Another_answer_than_an_engines_is_no_missing_alias(string status, string body)
    {
        await using var server = new RecordedEngine().Says("GET /products", body, status);
        await using var session = await server.Connect(_world);

        await Assert.ThrowsAsync<DependencyException>(() => session.Alias("products", Cancellation));
    }

    public void Dispose() => _world.Dispose();

    internal static string Error(int status, string type, string reason) =>
        $$$"""{"error":{"root_cause":[{"type":"{{{type}}}","reason":"{{{reason}}}"}],"type":"{{{type}}}","reason":"{{{reason}}}"},"status":{{{status}}}}""";

    internal static string NoSuchIndex(string index) => Error(404, "index_not_found_exception", $"no such index [{index}]");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static RecordedEngine Engine(string engine = "opensearch", string version = "3.1.0") =>
        new RecordedEngine(engine, version).Says("GET /products", ShowsOld);
}
