using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Everything else that an update asks of a cluster, and what the answers mean.</summary>
public sealed class IndexSessionTests : IDisposable
{
    private static readonly IndexMark Mine = new(
        "uid-1", "shop/products", "2026-11-22", "run-1", "sha256:1", DateTimeOffset.Parse("2026-11-22T18:00:00Z", null));

    private readonly ProbeWorld _world = new();

    public static TheoryData<int, string, string, CreateResult> Refusals() => new()
    {
        { 400, "resource_already_exists_exception", "index [new/abc] already exists", CreateResult.Exists },
        { 400, "mapper_parsing_exception", "Failed to parse mapping: No handler for type [strin]", CreateResult.Refused },
        { 400, "illegal_argument_exception", "unknown setting [index.number_of_shard]", CreateResult.Refused },
        { 400, "validation_exception", "this action would add [12] shards, but this cluster currently has [2995]/[3000] maximum shards open", CreateResult.NoRoom },
        { 400, "validation_exception", "Validation Failed: 1: this action would add [2] total shards, but this cluster currently has [1000]/[1000] maximum normal shards open;", CreateResult.NoRoom },
        { 400, "validation_exception", "Validation Failed: 1: expected [index.number_of_replicas] to be positive;", CreateResult.Refused },
        { 400, "parse_exception", "Failed to parse content to map", CreateResult.Refused },
        { 400, "invalid_index_name_exception", "Invalid index name [new], already exists as alias", CreateResult.Refused },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_index_has_its_reason(int status, string type, string reason, CreateResult expected)
    {
        await using var server = new RecordedEngine().Says("PUT /new", SwapTests.Error(status, type, reason), $"{status} No");
        await using var session = await server.Connect(_world);

        var answer = await session.Create("new", "{}"u8.ToArray(), Cancellation);

        Assert.Equal(expected, answer.Result);
        Assert.Equal($"{status} {type}: {reason}", answer.Reason);
    }

    [Fact]
    public async Task A_refused_indexs_reason_goes_to_the_ground()
    {
        await using var server = new RecordedEngine().Says(
            "PUT /new",
            """{"error":{"type":"mapper_parsing_exception","reason":"Failed to parse mapping [_doc]","caused_by":{"type":"mapper_parsing_exception","reason":"The mapper type [strin] declared on field [title] does not exist."}},"status":400}""",
            "400 Bad Request");
        await using var session = await server.Connect(_world);

        var answer = await session.Create("new", "{}"u8.ToArray(), Cancellation);

        Assert.EndsWith("The mapper type [strin] declared on field [title] does not exist.", answer.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", """{"acknowledged":false,"shards_acknowledged":false,"index":"new"}""")]
    [InlineData("403 Forbidden", """{"error":{"type":"security_exception","reason":"no permissions"},"status":403}""")]
    [InlineData("403 Forbidden", """{"error":{"type":"cluster_block_exception","reason":"blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];"},"status":403}""")]
    [InlineData("503 Service Unavailable", """{"error":{"type":"process_cluster_event_timeout_exception","reason":"no"},"status":503}""")]
    public async Task An_index_that_may_or_may_not_be_there_is_a_matter_for_the_next_run(string status, string body)
    {
        await using var server = new RecordedEngine().Says("PUT /new", body, status);
        await using var session = await server.Connect(_world);

        await Assert.ThrowsAsync<DependencyException>(() => session.Create("new", "{}"u8.ToArray(), Cancellation));
    }

    [Fact]
    public async Task Indices_come_with_their_marks_and_aliases_and_only_under_their_own_names()
    {
        await using var server = new RecordedEngine().Says(
            "GET /products-*",
            """
            {"products-2":{"settings":{"index":{"uuid":"b"}}},
             "products-1":{"aliases":{"products":{},"products-1.a2":{}},"settings":{"index":{"uuid":"a"}},"mappings":{"_meta":{"owner":"x","clustergrains":
               {"uid":"uid-1","dataset":"shop/products","version":"2026-11-22","runId":"run-1","fingerprint":"sha256:1","builtAt":"2026-11-22T18:00:00Z"}}}},
             "products-3":{"settings":{"index":{"uuid":"c"}},"mappings":{"_meta":{"clustergrains":{"uid":"uid-1"}}}},
             "found-by-alias":{"aliases":{"products-x":{}},"settings":{"index":{"uuid":"d"}}}}
            """);
        await using var session = await server.Connect(_world);

        var indices = await session.Indices("products-", Cancellation);

        Assert.Equal(["products-1", "products-2", "products-3"], indices.Select(index => index.Name));
        Assert.Equal(Mine, indices[0].Mark);
        Assert.Equal(["products", "products-1.a2"], indices[0].Aliases);
        Assert.Equal("a", indices[0].Uuid);
        Assert.Null(indices[1].Mark);
        Assert.Null(indices[2].Mark);
    }

    [Theory]
    [InlineData("""{"new":{"settings":{"index":{"uuid":"u"}}}}""", true, true)]
    [InlineData("""{"new":{"settings":{"index":{"uuid":"another"}}}}""", false, false)]
    [InlineData("""{"new":{"aliases":{"products":{}},"settings":{"index":{"uuid":"u"}}}}""", false, false)]
    [InlineData("""{"other":{"aliases":{"new":{}},"settings":{"index":{"uuid":"u"}}}}""", false, false)]
    public async Task Only_the_very_index_is_deleted_and_only_without_aliases(string found, bool asked, bool deleted)
    {
        await using var server = new RecordedEngine().Says("GET /new", found).Says("DELETE /new", """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        Assert.Equal(deleted, await session.Delete("new", "u", Cancellation));
        Assert.Equal(asked, server.Requests.Any(request => request.Method == "DELETE"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("a,b")]
    [InlineData("_all")]
    [InlineData("<logs-{now}>")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_name_that_means_more_than_itself_is_never_sent(string name)
    {
        await using var server = new RecordedEngine();
        await using var session = await server.Connect(_world);

        await Assert.ThrowsAsync<ArgumentException>(() => session.Delete(name, "u", Cancellation));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_private_alias_takes_the_place_of_all_others_in_one_request()
    {
        await using var server = new RecordedEngine().Says("POST /_aliases", """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        Assert.True(await session.PointLoadAlias(new IndexView("new", "u", null, []), "new.a3", Cancellation));

        Assert.Equal(
            """{"actions":[{"remove":{"index":"new","alias":"new.a*"}},{"add":{"index":"new","alias":"new.a3"}}]}""", server.Last.Body);
    }

    [Fact]
    public async Task Private_aliases_can_go_where_there_are_none_and_not_where_there_is_no_index()
    {
        await using var server = new RecordedEngine().Says(
            "POST /_aliases", SwapTests.Error(404, "aliases_not_found_exception", "aliases [new.a*] missing"), "404 Not Found");
        await using var session = await server.Connect(_world);
        var index = new IndexView("new", "u", null, []);
        Assert.True(await session.PointLoadAlias(index, null, Cancellation));

        server.Says("POST /_aliases", SwapTests.NoSuchIndex("new"), "404 Not Found");
        Assert.False(await session.PointLoadAlias(index, "new.a1", Cancellation));
    }

    [Fact]
    public async Task A_new_mark_leaves_the_rest_of_meta_alone()
    {
        await using var server = new RecordedEngine()
            .Says("GET /new", """{"new":{"mappings":{"_meta":{"owner":"x","clustergrains":{"uid":"dead"}}}}}""")
            .Says("PUT /new/_mapping", """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        await session.Mark("new", Mine with { PromotedAt = Mine.BuiltAt.AddHours(1) }, Cancellation);

        Assert.Equal(
            """{"_meta":{"clustergrains":{"uid":"uid-1","dataset":"shop/products","version":"2026-11-22","runId":"run-1","fingerprint":"sha256:1","builtAt":"2026-11-22T18:00:00+00:00","promotedAt":"2026-11-22T19:00:00+00:00"},"owner":"x"}}""",
            server.Last.Body.Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("opensearch", "1.3.20", "PUT /new/_block/write")]
    [InlineData("elasticsearch", "7.9.0", "PUT /new/_block/write")]
    [InlineData("elasticsearch", "7.8.1", "PUT /new/_settings")]
    public async Task Writes_are_blocked_in_the_engines_own_way(string engine, string version, string request)
    {
        await using var server = new RecordedEngine(engine, version).Says(request, """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        await session.BlockWrites("new", Cancellation);

        Assert.Equal(request, $"{server.Last.Method} {server.Last.Path}");
    }

    [Theory]
    [InlineData("opensearch", "1.3.20", "&master_timeout=20s")]
    [InlineData("opensearch", "2.0.0", "&cluster_manager_timeout=20s")]
    [InlineData("elasticsearch", "9.0.0", "&master_timeout=20s")]
    public async Task A_change_waits_for_the_manager_under_the_engines_own_name(string engine, string version, string parameter)
    {
        await using var server = new RecordedEngine(engine, version).Says("PUT /new/_settings", """{"acknowledged":true}""");
        await using var session = await server.Connect(_world);

        await session.Configure("new", "{}"u8.ToArray(), Cancellation);

        Assert.EndsWith(parameter, server.Last.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"total":2,"successful":1,"skipped":0,"failed":1}""")]
    [InlineData("""{"total":2,"successful":1,"skipped":0,"failed":0}""")]
    [InlineData("""{"total":2,"successful":2}""")]
    [InlineData("""{}""")]
    public async Task A_number_without_all_shards_is_none(string shards)
    {
        await using var server = new RecordedEngine()
            .Says("GET /new/_count", $$"""{"count":7,"_shards":{{shards}}}""")
            .Says("POST /new/_search", $$"""{"timed_out":false,"_shards":{{shards}},"hits":{"total":7} }""");
        await using var session = await server.Connect(_world);

        await Assert.ThrowsAsync<DependencyException>(() => session.Count("new", Cancellation));
        await Assert.ThrowsAsync<DependencyException>(() => session.Search("new", "{}"u8.ToArray(), Cancellation));
    }

    [Theory]
    [InlineData("""{"total":2,"successful":1,"failed":0}""", true)]
    [InlineData("""{"total":2,"successful":1,"failed":1}""", false)]
    [InlineData("""{"total":2,"successful":0,"failed":0}""", false)]
    public async Task A_refresh_is_one_of_every_shard_there_is(string shards, bool done)
    {
        await using var server = new RecordedEngine().Says("POST /new/_refresh", $$"""{"_shards":{{shards}}}""");
        await using var session = await server.Connect(_world);

        var failure = await Record.ExceptionAsync(() => session.Refresh("new", Cancellation));

        Assert.Equal(done, failure is null);
    }

    [Fact]
    public async Task Documents_are_counted_with_their_size()
    {
        await using var server = new RecordedEngine()
            .Says("GET /new/_count", """{"count":1048576,"_shards":{"total":6,"successful":6,"skipped":0,"failed":0}}""")
            .Says("GET /new/_stats/store", """{"_shards":{"total":6},"_all":{"primaries":{"store":{"size_in_bytes":99}}}}""");
        await using var session = await server.Connect(_world);

        Assert.Equal(new IndexSize(1_048_576, 99), await session.Count("new", Cancellation));

        server.Says("GET /new/_stats/store", SwapTests.Error(403, "security_exception", "no"), "403 Forbidden");
        Assert.Equal(new IndexSize(1_048_576, 0), await session.Count("new", Cancellation));
    }

    [Theory]
    [InlineData("""{"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},"hits":{"total":{"value":12345,"relation":"eq"}}}""")]
    [InlineData("""{"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},"hits":{"total":12345}}""")]
    public async Task Hits_are_counted_in_full(string body)
    {
        await using var server = new RecordedEngine().Says("POST /new/_search", body);
        await using var session = await server.Connect(_world);

        Assert.Equal(new SearchAnswer(12_345), await session.Search("new", "{}"u8.ToArray(), Cancellation));
        Assert.Contains("track_total_hits=true", server.Last.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_that_ran_out_of_time_found_nothing_out()
    {
        await using var server = new RecordedEngine().Says(
            "POST /new/_search", """{"timed_out":true,"_shards":{"total":1,"successful":1,"failed":0},"hits":{"total":{"value":1}}}""");
        await using var session = await server.Connect(_world);

        await Assert.ThrowsAsync<DependencyException>(() => session.Search("new", "{}"u8.ToArray(), Cancellation));
    }

    [Fact]
    public async Task A_query_that_the_cluster_cannot_read_is_refused_with_its_reason()
    {
        await using var server = new RecordedEngine().Says(
            "POST /new/_search",
            """{"error":{"root_cause":[{"type":"query_shard_exception","reason":"No mapping found for [x]"}],"type":"search_phase_execution_exception","reason":"all shards failed"},"status":400}""",
            "400 Bad Request");
        await using var session = await server.Connect(_world);

        var answer = await session.Search("new", "{}"u8.ToArray(), Cancellation);

        Assert.Equal("400 search_phase_execution_exception: all shards failed: No mapping found for [x]", answer.Refusal);
    }

    [Fact]
    public async Task The_health_of_an_index_is_its_shards()
    {
        await using var server = new RecordedEngine().Says(
            "GET /_cluster/health/new",
            """{"status":"yellow","number_of_data_nodes":3,"relocating_shards":1,"initializing_shards":2,"unassigned_shards":4}""");
        await using var session = await server.Connect(_world);

        Assert.Equal(new IndexHealth("yellow", Moving: 3, Unassigned: 4, DataNodes: 3), await session.Health("new", Cancellation));
    }

    [Theory]
    [InlineData("""{"new":{"settings":{"index":{"uuid":"u"}}}}""", "200 OK", true)]
    [InlineData("""{"error":{"type":"index_not_found_exception","reason":"no such index [new]"},"status":404}""", "404 Not Found", false)]
    public async Task A_408_is_a_lost_index_or_a_slow_cluster(string found, string status, bool slow)
    {
        await using var server = new RecordedEngine()
            .Says("GET /_cluster/health/new", """{"status":"red","timed_out":true}""", "408 Request Timeout")
            .Says("GET /new", found, status);
        await using var session = await server.Connect(_world);

        if (slow)
        {
            await Assert.ThrowsAsync<DependencyException>(() => session.Health("new", Cancellation));
        }
        else
        {
            Assert.Null(await session.Health("new", Cancellation));
        }
    }

    [Fact]
    public async Task A_template_that_would_give_aliases_or_a_policy_is_seen()
    {
        await using var server = new RecordedEngine("elasticsearch", "8.15.2").Says(
            "POST /_index_template/_simulate_index/new",
            """{"template":{"settings":{"index":{"lifecycle":{"name":"rollover-7d"}}},"mappings":{},"aliases":{"products":{},"{index}-all":{}}},"overlapping":[]}""");
        await using var session = await server.Connect(_world);

        var effect = await session.Simulate("new", Cancellation);

        Assert.Equal(["new-all", "products"], effect.Aliases);
        Assert.Equal("rollover-7d", effect.Lifecycle);
    }

    [Fact]
    public async Task Older_templates_hold_where_no_newer_one_matches()
    {
        await using var server = new RecordedEngine()
            .Says("POST /_index_template/_simulate_index/new", "{}")
            .Says(
                "GET /_template",
                """
                {"all":{"order":0,"index_patterns":["*"],"settings":{"index.plugins.index_state_management.policy_id":"weak"},"aliases":{"everything":{}}},
                 "strong":{"order":5,"index_patterns":["n*w"],"settings":{"index":{"plugins":{"index_state_management":{"policy_id":"strong"}}}},"aliases":{}},
                 "others":{"order":9,"index_patterns":["old*"],"settings":{},"aliases":{"old":{}}}}
                """);
        await using var session = await server.Connect(_world);

        var effect = await session.Simulate("new", Cancellation);

        Assert.Equal(["everything"], effect.Aliases);
        Assert.Equal("strong", effect.Lifecycle);
    }

    [Fact]
    public async Task Room_is_what_data_nodes_have_against_the_clusters_own_marks()
    {
        await using var server = new RecordedEngine()
            .Says(
                "GET /_nodes/stats/fs,jvm",
                """
                {"nodes":{"a":{"name":"data-0","roles":["data"],"fs":{"total":{"total_in_bytes":1000,"available_in_bytes":400}}},
                          "b":{"name":"data-1","roles":["data_hot"],"fs":{"total":{"total_in_bytes":1000,"available_in_bytes":300}}},
                          "c":{"name":"manager","roles":["cluster_manager"],"fs":{"total":{"total_in_bytes":10,"available_in_bytes":1}}}}}
                """)
            .Says(
                "GET /_cluster/settings",
                """{"persistent":{"cluster.routing.allocation.disk.watermark.low":"80%"},"transient":{},"defaults":{"cluster.routing.allocation.disk.watermark.low":"85%","cluster.routing.allocation.disk.watermark.high":"90%","cluster.routing.allocation.disk.watermark.flood_stage":"50b"}}""");
        await using var session = await server.Connect(_world);

        var room = await session.Room(Cancellation);

        Assert.Equal(["data-0", "data-1"], room.Select(node => node.Node));
        Assert.Equal(400, room[0].Available);
        Assert.InRange(room[0].LowFree, 200, 201);
        Assert.InRange(room[0].HighFree, 100, 101);
        Assert.Equal(50, room[0].FloodFree);
    }

    public void Dispose() => _world.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
