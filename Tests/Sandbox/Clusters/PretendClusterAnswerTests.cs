using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox.Clusters;

/// <summary>The answers have the engines' shapes and JSON types.</summary>
public sealed class PretendClusterAnswerTests
{
    public static TheoryData<string> Engines => [.. PretendEngine.All.Select(engine => engine.Name)];

    [Theory, MemberData(nameof(Engines))]
    public async Task Every_engine_says_who_it_is(string engine)
    {
        await using var cluster = await Start(engine);

        var identity = await Get(cluster, "/");

        Assert.Equal("logs", identity.GetProperty("cluster_name").GetString());
        Assert.Equal(22, identity.GetProperty("cluster_uuid").GetString()!.Length);
        var version = identity.GetProperty("version");
        Assert.StartsWith($"{cluster.Engine.Major}.", version.GetProperty("number").GetString());
        Assert.Equal(
            cluster.Engine.IsOpenSearch,
            version.TryGetProperty("distribution", out var distribution) && distribution.GetString() == "opensearch");
        Assert.Equal(!cluster.Engine.IsOpenSearch, version.TryGetProperty("build_flavor", out _));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_Elasticsearch_names_itself_in_a_header(string engine)
    {
        await using var cluster = await Start(engine);
        using var http = new HttpClient();

        using var answer = await http.GetAsync(cluster.Url, Cancellation);

        Assert.Equal(!cluster.Engine.IsOpenSearch, answer.Headers.Contains("X-elastic-product"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Health_counts_are_numbers_and_the_percentage_keeps_its_fraction(string engine)
    {
        await using var cluster = await Start(engine);

        var health = await Get(cluster, "/_cluster/health?level=cluster&timeout=5s");

        Assert.Equal("green", health.GetProperty("status").GetString());
        Assert.Equal(24, health.GetProperty("active_shards").GetInt64());
        Assert.Equal("100.0", health.GetProperty("active_shards_percent_as_number").GetRawText());
        Assert.Equal(cluster.Engine.IsOpenSearch, health.TryGetProperty("discovered_master", out _));
        Assert.Equal(
            cluster.Engine is { IsOpenSearch: true, Major: >= 2 },
            health.TryGetProperty("discovered_cluster_manager", out _));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Node_statistics_hold_the_metrics_asked_for_and_no_others(string engine)
    {
        await using var cluster = await Start(engine);

        var stats = await Get(cluster, "/_nodes/stats/fs,jvm");

        var nodes = stats.GetProperty("nodes").EnumerateObject().ToArray();
        Assert.Equal(stats.GetProperty("_nodes").GetProperty("successful").GetInt32(), nodes.Length);
        foreach (var node in nodes)
        {
            Assert.Equal(22, node.Name.Length);
            var disk = node.Value.GetProperty("fs").GetProperty("total");
            var total = disk.GetProperty("total_in_bytes").GetInt64();
            Assert.InRange(disk.GetProperty("available_in_bytes").GetInt64(), 1, total);
            var memory = node.Value.GetProperty("jvm").GetProperty("mem");
            Assert.InRange(memory.GetProperty("heap_used_percent").GetInt32(), 1, 99);
            Assert.NotEmpty(node.Value.GetProperty("roles").EnumerateArray());
            Assert.False(node.Value.TryGetProperty("os", out _));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Settings_are_text_flat_when_asked_and_have_defaults_only_when_asked(string engine)
    {
        const string Watermark = "cluster.routing.allocation.disk.watermark.flood_stage";
        await using var cluster = await Start(engine);

        var flat = await Get(cluster, "/_cluster/settings?flat_settings=true&include_defaults=true");
        var nested = await Get(cluster, "/_cluster/settings?include_defaults");
        var bare = await Get(cluster, "/_cluster/settings?flat_settings=true");

        var explicitly = flat.GetProperty("persistent").TryGetProperty(Watermark, out var own);
        var flood = explicitly ? own : flat.GetProperty("defaults").GetProperty(Watermark);
        Assert.Equal(JsonValueKind.String, flood.ValueKind);
        Assert.Equal("all", nested.GetProperty("defaults").GetProperty("cluster").GetProperty("routing")
            .GetProperty("allocation").GetProperty("enable").GetString());
        Assert.False(bare.TryGetProperty("defaults", out _));
    }

    [Fact]
    public async Task Nested_watermarks_keep_their_headroom_as_a_dotted_name()
    {
        await using var cluster = await Start("elasticsearch-8");

        var settings = await Get(cluster, "/_cluster/settings?include_defaults=true");

        var watermark = settings.GetProperty("defaults").GetProperty("cluster").GetProperty("routing")
            .GetProperty("allocation").GetProperty("disk").GetProperty("watermark");
        Assert.Equal("85%", watermark.GetProperty("low").GetString());
        Assert.Equal("200GB", watermark.GetProperty("low.max_headroom").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Cluster_statistics_add_up(string engine)
    {
        await using var cluster = await Start(engine);

        var stats = await Get(cluster, "/_cluster/stats");
        var health = await Get(cluster, "/_cluster/health");

        var identity = await Get(cluster, "/");
        Assert.Equal(
            identity.GetProperty("cluster_uuid").GetString(),
            stats.GetProperty("cluster_uuid").GetString());
        Assert.Equal(
            health.GetProperty("active_shards").GetInt64(),
            stats.GetProperty("indices").GetProperty("shards").GetProperty("total").GetInt64());
        Assert.Equal(
            health.GetProperty("number_of_nodes").GetInt32(),
            stats.GetProperty("nodes").GetProperty("count").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Ids_are_the_same_in_every_run_and_differ_between_clusters()
    {
        await using var first = await Start("opensearch-3");
        await using var again = await Start("opensearch-3");
        await using var other = await PretendCluster.Start("orders", PretendEngine.OpenSearch3, Cancellation);

        var uuid = (await Get(first, "/")).GetProperty("cluster_uuid").GetString();

        Assert.Equal(uuid, (await Get(again, "/")).GetProperty("cluster_uuid").GetString());
        Assert.NotEqual(uuid, (await Get(other, "/")).GetProperty("cluster_uuid").GetString());
    }

    [Fact]
    public async Task A_filter_path_keeps_only_what_it_reaches()
    {
        await using var cluster = await Start("opensearch-2");

        var stats = await Get(cluster, "/_nodes/stats/fs?filter_path=_nodes.failed,nodes.*.fs.total,nodes.*.na*");

        Assert.Equal("""{"failed":0}""", stats.GetProperty("_nodes").GetRawText());
        var node = stats.GetProperty("nodes").EnumerateObject().First().Value;
        Assert.Equal(["name", "fs"], node.EnumerateObject().Select(part => part.Name));
        Assert.False(node.GetProperty("fs").TryGetProperty("data", out _));
    }

    [Theory]
    [InlineData("opensearch-1", HttpStatusCode.BadRequest)]
    [InlineData("opensearch-2", HttpStatusCode.OK)]
    [InlineData("elasticsearch-8", HttpStatusCode.BadRequest)]
    public async Task A_parameter_of_another_engine_is_refused(string engine, HttpStatusCode expected)
    {
        await using var cluster = await Start(engine);
        using var http = new HttpClient { BaseAddress = cluster.Url };

        using var answer = await http.GetAsync("/_cluster/health?cluster_manager_timeout=5s", Cancellation);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/_cluster/nothing", 400, "no handler found")]
    [InlineData("GET", "/missing", 404, "index_not_found_exception")]
    [InlineData("GET", "/_missing", 400, "invalid_index_name_exception")]
    [InlineData("POST", "/_cluster/health", 405, "Incorrect HTTP method")]
    [InlineData("GET", "/_nodes/stats/gpu", 400, "unrecognized metric: [gpu]")]
    public async Task What_it_does_not_have_it_refuses_as_the_engines_do(
        string method, string path, int status, string says)
    {
        await using var cluster = await Start("elasticsearch-9");
        using var http = new HttpClient { BaseAddress = cluster.Url };

        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("opensearch-3", "text/plain")]
    [InlineData("elasticsearch-8", "application/json")]
    public async Task With_credentials_configured_only_they_open_the_door(string engine, string mediaType)
    {
        var good = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("monitor:secret"u8));
        await using var cluster = await PretendCluster.Start(
            new PretendClusterOptions { Name = "logs", Engine = Engine(engine), Authorization = good.ToString() },
            Cancellation);
        using var http = new HttpClient { BaseAddress = cluster.Url };

        using var without = await http.GetAsync("/", Cancellation);
        http.DefaultRequestHeaders.Authorization = good;
        using var with = await http.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(mediaType, without.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(without.Headers.WwwAuthenticate);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static PretendEngine Engine(string name) => PretendEngine.All.Single(engine => engine.Name == name);

    private static Task<PretendCluster> Start(string engine) =>
        PretendCluster.Start("logs", Engine(engine), Cancellation);

    private static async Task<JsonElement> Get(PretendCluster cluster, string path)
    {
        using var http = new HttpClient { BaseAddress = cluster.Url };
        return JsonDocument.Parse(await http.GetStringAsync(path, Cancellation)).RootElement;
    }
}
