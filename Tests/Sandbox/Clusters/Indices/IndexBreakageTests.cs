using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Clusters.Indices;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

/// <summary>What a load meets when the cluster breaks in the middle of it.</summary>
public sealed class IndexBreakageTests
{
    private const string Settings = """{"settings":{"number_of_shards":3,"number_of_replicas":0,"refresh_interval":"-1"}}""";
    private const string AddAlias = """{"actions":[{"add":{"index":"products","alias":"alias"}}]}""";

    [Theory]
    [InlineData("opensearch-2", 429)]
    [InlineData("elasticsearch-7", 429)]
    [InlineData("elasticsearch-8", 200)]
    public async Task At_the_flood_stage_nobody_writes_and_the_older_engines_move_no_alias(string engine, int alias)
    {
        await using var shop = await Shop(PretendEngine.Named(engine));
        await shop.Cluster.Break(Breakage.FullDisk, Cancellation);

        var item = (await shop.Index("products", ("1", "{}"))).GetProperty("items")[0].GetProperty("index");

        Assert.Equal(429, item.GetProperty("status").GetInt32());
        Assert.Equal("cluster_block_exception", item.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(alias, (await shop.Send("POST", "/_aliases", AddAlias)).Status);
        await shop.Cluster.Heal(Cancellation);
        Assert.False((await shop.Index("products", ("1", "{}"))).GetProperty("errors").GetBoolean());
        shop.Cluster.SetDisk(1, 1 << 30);
        Assert.True((await shop.Index("products", ("2", "{}"))).GetProperty("errors").GetBoolean());
        await shop.Do("DELETE", "/products");
    }

    [Fact]
    public async Task While_red_one_shard_takes_nothing_and_counts_say_so()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        var documents = Enumerable.Range(0, 30).Select(n => ($"{n}", "{}")).ToArray();
        await shop.Cluster.Break(Breakage.Red, Cancellation);

        var answer = await shop.Index("products", documents);
        await shop.Do("POST", "/products/_refresh");
        var count = await shop.Do("GET", "/products/_count");
        var strict = await shop.Send("POST", "/products/_search?allow_partial_search_results=false", "{}");

        var refused = answer.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("index").GetProperty("status").GetInt32()).Count(status => status == 503);
        Assert.InRange(refused, 1, 29);
        Assert.Equal(1, count.GetProperty("_shards").GetProperty("failed").GetInt32());
        Assert.Equal(30 - refused, count.GetProperty("count").GetInt64());
        Assert.Equal(503, strict.Status);
        Assert.Equal("red", (await shop.Get("/_cluster/health/products")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_restart_cuts_connections_and_forgets_nothing()
    {
        var time = new FakeTimeProvider();
        await using var shop = await Shop(PretendEngine.OpenSearch3, time);
        await shop.Index("products", ("1", "{}"));

        await shop.Cluster.Break(Breakage.Restart, Cancellation);
        await Assert.ThrowsAsync<HttpRequestException>(() => shop.Get("/"));
        time.Advance(TimeSpan.FromSeconds(5));

        await Back(shop);
        Assert.Equal("green", (await shop.Get("/_cluster/health/products")).Body.GetProperty("status").GetString());
        Assert.NotNull(shop.Cluster.Indices.Find("products")!.Documents.Find("1"));
    }

    [Fact]
    public async Task A_lost_node_takes_the_primaries_that_have_no_replica()
    {
        var time = new FakeTimeProvider();
        await using var shop = await Shop(PretendEngine.OpenSearch3, time);
        await shop.Do("PUT", "/safe", """{"settings":{"number_of_replicas":1}}""");

        await shop.Cluster.Break(Breakage.LostNode, Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        await Back(shop);

        Assert.Equal("red", (await shop.Get("/_cluster/health/products")).Body.GetProperty("status").GetString());
        Assert.Equal("green", (await shop.Get("/_cluster/health/safe")).Body.GetProperty("status").GetString());
        Assert.Equal("red", (await shop.Get("/_cluster/health")).Body.GetProperty("status").GetString());
        Assert.Equal(503, (await shop.Get("/products/_count")).Status);
        await shop.Do("DELETE", "/products");
        Assert.Equal("green", (await shop.Get("/_cluster/health")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Bulks_are_throttled_as_a_whole_or_item_by_item()
    {
        await using var shop = await Shop(PretendEngine.Elasticsearch8);

        await shop.Cluster.Break(Breakage.BulkThrottled, Cancellation);
        var whole = await shop.Send("POST", "/products/_bulk", "{\"index\":{\"_id\":\"1\"}}\n{}\n");
        await shop.Cluster.Break(Breakage.ItemsThrottled, Cancellation);
        var items = await shop.Index("products", ("1", "{}"), ("2", "{}"), ("3", "{}"), ("4", "{}"));

        Assert.Equal(429, whole.Status);
        Assert.Equal(
            "es_rejected_execution_exception", whole.Body.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(
            [201, 201, 429, 201],
            items.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("index").GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Without_a_master_nothing_is_written_and_searches_go_on()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch2);
        await shop.Cluster.Break(Breakage.NoMaster, Cancellation);

        Assert.Equal(503, (await shop.Send("POST", "/products/_bulk", "{\"index\":{\"_id\":\"1\"}}\n{}\n")).Status);
        Assert.Equal(503, (await shop.Send("POST", "/_aliases", AddAlias)).Status);
        Assert.Equal(200, (await shop.Get("/products/_count")).Status);
    }

    [Fact]
    public async Task Lost_answers_are_of_changes_that_were_made()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        await shop.Cluster.Break(Breakage.LostAnswers, Cancellation);

        await shop.Index("products", ("1", "{}"));
        await Assert.ThrowsAsync<HttpRequestException>(() => shop.Index("products", ("2", "{}")));

        Assert.Equal(["1", "2"], shop.Cluster.Indices.Find("products")!.Documents.All().Select(document => document.Id));
    }

    [Fact]
    public async Task Another_cluster_has_none_of_the_indices_and_keeps_its_own()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        await shop.Cluster.Break(Breakage.AnotherUuid, Cancellation);

        Assert.Equal(404, (await shop.Get("/products")).Status);
        await shop.Do("PUT", "/theirs");
        await shop.Cluster.Heal(Cancellation);

        Assert.Equal(200, (await shop.Get("/products")).Status);
        Assert.Equal(404, (await shop.Get("/theirs")).Status);
    }

    [Fact]
    public async Task A_test_decides_what_happens_at_the_n_th_bulk()
    {
        await using var shop = await Shop(PretendEngine.OpenSearch3);
        var seen = new List<string>();
        using var meddling = shop.Cluster.Interventions.Add(request => request.Bulk switch
        {
            2 => new Intervention { CutBefore = true },
            3 => new Intervention { CutAfter = true },
            4 => new Intervention { Instead = new ClusterAnswer(503, "{}") },
            5 => new Intervention { Items = position => position == 1 ? IndexErrors.Rejected(PretendEngine.OpenSearch3) : null },
            6 => new Intervention
            {
                Before = _ => Note("before"),
                After = _ => Note($"after {shop.Cluster.Indices.Find("products")!.Documents.Find("6") is not null}"),
            },
            _ => null,
        });
        Task Note(string what)
        {
            seen.Add(what);
            return Task.CompletedTask;
        }

        await shop.Index("products", ("1", "{}"));
        await Assert.ThrowsAsync<HttpRequestException>(() => shop.Index("products", ("2", "{}")));
        await Assert.ThrowsAsync<HttpRequestException>(() => shop.Index("products", ("3", "{}")));
        Assert.Equal(503, (await shop.Send("POST", "/products/_bulk", "{}")).Status);
        await shop.Index("products", ("5", "{}"), ("5b", "{}"));
        await shop.Index("products", ("6", "{}"));

        Assert.Equal(["1", "3", "5", "6"], shop.Cluster.Indices.Find("products")!.Documents.All().Select(document => document.Id));
        Assert.Equal(["before", "after True"], seen);
        Assert.Equal(6, shop.Cluster.Interventions.Bulks);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<PretendHttp> Shop(PretendEngine engine, TimeProvider? time = null)
    {
        var shop = await PretendHttp.Start(
            new PretendClusterOptions { Name = "shop", Engine = engine, Time = time ?? TimeProvider.System });
        await shop.Do("PUT", "/products", Settings);
        return shop;
    }

    /// <summary>It listens again on another thread.</summary>
    private static async Task Back(PretendHttp shop)
    {
        while (shop.Cluster.Breakage != Breakage.None)
        {
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }
    }
}
