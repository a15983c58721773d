using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>The small pure pieces: ledgers, names, bodies, disks, numbers.</summary>
public sealed class LedgerMovesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    private readonly UpdateWorld _world = new();

    private static Candidate Candidate => new()
    {
        RunId = "run-1", Version = "v2", Fingerprint = "f", Recipe = "r", Index = "products-v2-2", IndexUuid = "uuid-2",
        ClusterUuid = "cluster-1", StartedAt = Now, Counts = new LoadCounts { Lines = 100, Acked = 100, Bytes = 1000 },
    };

    [Fact]
    public void A_trouble_counts_on_while_it_is_the_same()
    {
        var first = new DatasetLedger().Waiting("DiskFull", "full", Now);
        var second = first.Waiting("DiskFull", "fuller", Now.AddMinutes(1));
        var other = second.Waiting("IndexBlocked", "blocked", Now.AddMinutes(2));

        Assert.Equal(new Trouble("DiskFull", "fuller", Now, 2), second.Blocked);
        Assert.Equal(new Trouble("IndexBlocked", "blocked", Now.AddMinutes(2), 1), other.Blocked);
    }

    [Fact]
    public void A_trouble_is_passed_when_the_candidate_moved_and_not_when_it_was_only_looked_at()
    {
        var blocked = new DatasetLedger { Candidate = Candidate }.Waiting("DiskFull", "full", Now);

        Assert.NotNull(LedgerMoves.Unblocked(blocked, blocked with { Claim = "x" }).Blocked);
        Assert.Null(LedgerMoves.Unblocked(blocked, blocked with { Candidate = Candidate with { Step = UpdateStep.Create } }).Blocked);
        Assert.Null(LedgerMoves.Unblocked(blocked, blocked with { Candidate = Candidate with { Position = new(0, 5, 9) } }).Blocked);
    }

    [Fact]
    public void Another_cluster_or_alias_forgets_what_was_published_and_keeps_the_look()
    {
        var look = new SourceLook(Now, "v1", Now, 1);
        var known = new DatasetLedger { Look = look, Published = Kept("v1"), Retained = [Kept("v0")] }.At(Cluster("cluster-1"), "cluster-1/a");

        Assert.Same(known.Published, known.At(Cluster("cluster-1"), "cluster-1/a").Published);
        var elsewhere = known.At(Cluster("cluster-2"), "cluster-2/a");
        Assert.Null(elsewhere.Published);
        Assert.Empty(elsewhere.Retained);
        Assert.Same(look, elsewhere.Look);
        Assert.Null(known.At(Cluster("cluster-1"), "cluster-1/b").Published);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(7, 60)]
    [InlineData(90, 60)]
    public void Pauses_grow_to_an_hour(int times, int minutes)
    {
        var ledger = new DatasetLedger { Candidate = Candidate };
        for (var time = 1; time < times; time++)
        {
            ledger = ledger.Failing(_world.Open(), DatasetCodes.IndexLost, "gone", Now).Ledger with { Candidate = Candidate };
        }

        var failed = ledger.Failing(_world.Open(), DatasetCodes.IndexLost, "gone", Now).Ledger.Failed!;

        Assert.Equal((times, Now.AddMinutes(minutes)), (failed.Count, failed.RetryAt));
    }

    [Fact]
    public void A_failed_version_is_tried_again_for_a_reason_only()
    {
        _world.Generation = 3;
        var (run, failed) = (_world.Open(), new FailedVersion("v2", "f", 3, DatasetCodes.Shrunk, "", Now, 1, null));

        Assert.False(failed.MayTry(run, "v2", "f", null, Now.AddDays(9)));
        Assert.True(failed.MayTry(run, "v2", "another", null, Now));
        Assert.True(failed.MayTry(run with { Generation = 4 }, "v2", "f", null, Now));
        Assert.True(failed.MayTry(run, "v3", "f", null, Now));
        Assert.True(failed.MayTry(run, "v2", "f", DatasetCodes.SourceEmpty, Now));
        Assert.False((failed with { RetryAt = Now.AddMinutes(1) }).MayTry(run, "v2", "f", null, Now));
        Assert.True((failed with { RetryAt = Now }).MayTry(run, "v2", "f", null, Now));
    }

    [Fact]
    public void A_folder_that_fails_time_and_again_in_new_ways_is_given_time()
    {
        var (run, failed) = (_world.Open(), new FailedVersion("v2", "f", 1, DatasetCodes.SourceChanged, "", Now, 2, Now.AddMinutes(2)));

        Assert.True(failed.MayTry(run, "v2", "another", null, Now));
        Assert.False((failed with { Count = 3, RetryAt = Now.AddMinutes(4) }).MayTry(run, "v2", "another", null, Now.AddMinutes(3)));
        Assert.False((failed with { Count = 3, RetryAt = null }).MayTry(run, "v2", "another", null, Now.AddMinutes(3)));
        Assert.True((failed with { Count = 3, RetryAt = null }).MayTry(run, "v2", "another", null, Now.AddMinutes(4)));
        Assert.False((failed with { Count = 3, RetryAt = null }).MayTry(run, "v2", "f", null, Now.AddMinutes(4)));
    }

    [Theory]
    [InlineData("2026-11-22", 0, "products-2026-11-22-8")]
    [InlineData("Release 7/ä", 12, "products-release-7---13")]
    public void An_index_is_named_after_its_version_and_a_number_nobody_uses(string version, int last, string expected)
    {
        ImmutableArray<IndexView> there = [new("products-v1-7", "u", null, []), new("products-eu-99999999999", "u", null, [])];

        Assert.Equal(expected, Recipe.Name("products", version, last, there).Index);
        Assert.True(Recipe.Name(new('a', 128), new('v', 128), 999_998, there).Index.Length <= 255);
    }

    [Theory]
    [InlineData("products", "v1", "products-v1-1", true)]
    [InlineData("products", "V 1", "products-v-1-12", true)]
    [InlineData("products", "v1", "products-eu-v1-1", false)]
    [InlineData("products", "v1", "products-v1-x", false)]
    [InlineData("products", "v1", "products-v1-", false)]
    [InlineData("products", "v1", "products-v11-1", false)]
    public void An_index_is_known_by_its_whole_name(string alias, string version, string index, bool expected) =>
        Assert.Equal(expected, Recipe.IsNamed(alias, version, index));

    [Fact]
    public void The_recipe_changes_with_what_an_index_is_made_from_and_with_nothing_else()
    {
        var spec = _world.Spec;
        var recipe = Recipe.Of(spec);

        Assert.Equal(recipe, Recipe.Of(spec with { Rollout = new() { Pin = "v1" }, Load = new() { Workers = 9 }, Verify = new() { MinDocs = 7 } }));
        Assert.NotEqual(recipe, Recipe.Of(spec with { Index = new() { Shards = 2 } }));
        Assert.NotEqual(recipe, Recipe.Of(spec with { Source = spec.Source with { IdField = "sku" } }));
        Assert.NotEqual(recipe, Recipe.Of(spec with { Alias = "other" }));
    }

    [Fact]
    public void The_body_overlays_the_ConfigMap_by_the_spec_and_both_by_what_loading_needs()
    {
        var spec = new IndexSpec
        {
            Shards = 3,
            Replicas = 2,
            Settings = JsonElement.Parse("""{"index.codec":"zstd","refresh_interval":"30s"}"""),
            Mappings = JsonElement.Parse("""{"_meta":{"team":"search"},"properties":{"b":{"type":"long"}}}"""),
        };
        var texts = new Dictionary<string, string>
        {
            ["settings.json"] = """{"index":{"codec":"default","number_of_replicas":9},"analysis":{"analyzer":{}},"translog":{"durability":"async"}}""",
            ["mappings.json"] = """{"mappings":{"dynamic":"strict","properties":{"a":{"type":"keyword"}}}}""",
        };
        var mark = _world.Mark("v1");

        using var body = JsonDocument.Parse(IndexBody.ForLoading(spec, texts, mark));
        using var serving = JsonDocument.Parse(IndexBody.ForServing(spec, texts));

        var index = body.RootElement.GetProperty("settings").GetProperty("index");
        Assert.Equal(("zstd", 3, 0, "-1"), (
            index.GetProperty("codec").GetString(), index.GetProperty("number_of_shards").GetInt32(),
            index.GetProperty("number_of_replicas").GetInt32(), index.GetProperty("refresh_interval").GetString()));
        Assert.False(index.GetProperty("auto_expand_replicas").GetBoolean());
        Assert.True(index.TryGetProperty("analysis", out _));
        Assert.Equal("request", index.GetProperty("translog.durability").GetString());
        Assert.False(index.TryGetProperty("translog", out var nested) && nested.TryGetProperty("durability", out _));
        var mappings = body.RootElement.GetProperty("mappings");
        Assert.Equal(["a", "b"], mappings.GetProperty("properties").EnumerateObject().Select(one => one.Name));
        Assert.Equal("search", mappings.GetProperty("_meta").GetProperty("team").GetString());
        Assert.Equal(mark, IndexMark.Read(mappings.GetProperty("_meta").GetProperty(IndexMark.Key)));
        Assert.Equal("""{"index":{"number_of_replicas":2,"auto_expand_replicas":false,"refresh_interval":"30s"}}""", serving.RootElement.GetRawText());
        Assert.Contains("\"refresh_interval\":null", System.Text.Encoding.UTF8.GetString(IndexBody.ForServing(new(), null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Room_is_reckoned_from_what_the_last_version_took_else_on_the_safe_side()
    {
        var version = new FrozenVersion("v2", [new("a", 1000, "e", DataFormat.Plain), new("b.gz", 100, "e", DataFormat.Gzip)], "f", null);

        Assert.Equal(1600 * 1.3 * 2, DiskRoom.Needed(version, null, 1), 3);
        Assert.Equal(1600 * 0.5, DiskRoom.Needed(version, Kept("v1") with { Bytes = 1000, StoreBytes = 500 }, 0), 3);
        ImmutableArray<NodeRoom> nodes = [new("a", 10_000, 1_000, 500, 400, 100), new("b", 10_000, 300, 500, 300, 100)];
        Assert.Null(DiskRoom.Shortage(nodes, 500));
        Assert.Contains("data nodes", DiskRoom.Shortage(nodes, 501)!, StringComparison.Ordinal);
        Assert.Null(DiskRoom.Overflow(nodes));
        Assert.Contains("Node b", DiskRoom.Overflow(nodes.SetItem(1, nodes[1] with { Available = 299 }))!, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicates_are_tolerated_as_far_as_the_spec_says_and_never_without_ids_of_ones_own()
    {
        var ids = _world.Spec with { Source = _world.Spec.Source with { IdField = "sku" }, Verify = new() { MaxDuplicatePercent = 5 } };

        Assert.Null(Judge(ids, 95));
        Assert.Equal(DatasetCodes.TooManyDuplicates, Judge(ids, 94));
        Assert.Equal(DatasetCodes.CountMismatch, Judge(ids, 101));
        Assert.Equal(DatasetCodes.CountMismatch, Judge(_world.Spec, 99));
        Assert.Null(Judge(_world.Spec, 100));

        string? Judge(SearchDatasetSpec spec, long docs)
        {
            var numbers = ClusterGrains.Datasets.Verification.Numbers(Candidate, new IndexSize(docs, 0), ImmutableSortedDictionary<string, long>.Empty);
            return ClusterGrains.Datasets.Verification.Judge(Candidate, numbers, spec, null)?.Code;
        }
    }

    public void Dispose() => _world.Dispose();

    private static ClusterIdentity Cluster(string uuid) => new("OpenSearch", "2.19.1", "search-a", uuid);

    private static KeptVersion Kept(string version) => new(version, "f", $"products-{version}-1", "uuid", 10, Now, "run-0");
}
