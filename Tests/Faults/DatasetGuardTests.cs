using System.IO.Compression;
using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Tests.Watch;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// A version or a cluster that is not as it should be: the alias stays where it was, the status says why, and once the
/// cause is gone the next version is promoted without anybody's hand.
/// </summary>
public sealed class DatasetGuardTests(SharedDatasetWorld shared) : IClassFixture<SharedDatasetWorld>
{
    private const int Usual = 100;

    // Enough text for several requests, so that there is a middle of a load.
    private const int Long = 4000;

    private const long Gibibyte = 1L << 30;

    [Fact]
    public Task A_version_with_too_few_documents() => Refused(
        Corpus.Of("v2", 40), DatasetCodes.TooFewDocs, """{"verify": {"minDocs": 50, "maxShrinkPercent": 100}}""");

    [Fact]
    public Task A_version_that_shrank() => Refused(Corpus.Of("v2", Usual - 11), DatasetCodes.Shrunk);

    [Fact]
    public Task A_file_that_was_cut_off() => Refused(Corpus.Of("v2", Usual), DatasetCodes.SourceCorrupt, publish: (source, version) =>
    {
        source.Write(version);
        source.Write(version.Version, version.Gzip, version.Bytes(version.Gzip).AsSpan(..^20));
        source.Mark(version.Version);
    });

    [Fact]
    public async Task Lines_that_nobody_takes_are_told_one_by_one()
    {
        var bad = Corpus.Of("v2", Usual);
        bad.Files[bad.Zstd].Insert(3, Corpus.Poison("poison"));
        bad.Files[bad.Zstd].Insert(5, "{\"sku\":"u8.ToArray());

        var name = await Refused(bad, DatasetCodes.TooManyRejected, """{"verify": {"maxRejected": 1}}""");

        // Each counted from 1, after an empty line that counts too.
        Assert.Equal([(bad.Zstd, 5, "mapper_parsing_exception"), (bad.Zstd, 7, "invalid_json")], Rejected(name));
    }

    [Fact]
    public Task Documents_that_share_their_ids()
    {
        var bad = Corpus.Of("v2", Usual);
        bad.Files[bad.Gzip].AddRange(bad.Files[bad.Plain]);
        return Refused(bad, DatasetCodes.TooManyDuplicates);
    }

    [Fact]
    public Task A_version_in_which_a_smoke_query_finds_nothing() => Refused(
        Corpus.Of("v2", Usual - 1),
        DatasetCodes.SmokeQueryFailed,
        $$"""{"verify": {"queries": [{"name": "last", "body": {"query": {"ids": {"values": ["{{Corpus.Id(Usual - 1)}}"]} } } }] } }""");

    [Fact]
    public Task A_marker_without_data() => Refused(Corpus.Of("v2", Usual), DatasetCodes.SourceEmpty, publish: (source, version) =>
        source.Mark(version.Version));

    [Fact]
    public Task A_marker_that_came_before_all_the_files() => RefusedMidway(
        DatasetCodes.SourceChanged,
        (source, version) => source.Write(version.Version, "part-999.ndjson", "{\"sku\":\"late\"}\n"u8));

    [Fact]
    public Task A_file_that_is_written_again_while_it_is_loaded() => RefusedMidway(
        DatasetCodes.SourceChanged,
        (source, version) => source.Write(version.Version, version.Zstd, Corpus.Of(version.Version, Usual).Bytes(version.Zstd)));

    [Fact]
    public Task A_marker_that_is_withdrawn() => RefusedMidway(
        DatasetCodes.MarkerWithdrawn, (source, version) => source.Unmark(version.Version));

    [Fact]
    public async Task A_mapping_that_the_engine_refuses_is_cured_by_another_spec()
    {
        var name = await Published("{}");
        var before = Assert.Single(World.Behind(name));

        await World.Edit(name, """{"index": {"mappings": {"properties": {"price": {"type": "nonsense"}}}}}""");
        World.Source(name).Publish(Corpus.Of("v2", Usual));
        await World.Shown(name, status => (string?)status["failed"]?["code"] == DatasetCodes.IndexRefused);
        Assert.Same(before, Assert.Single(World.Behind(name)));

        await World.Edit(name, """{"index": {"mappings": {"properties": {"price": {"type": "double"}}}}}""");
        await Promotes(name, Corpus.Of("v2", Usual), updates: 3);
        await World.Bury(name);
    }

    [Fact]
    public async Task An_alias_that_somebody_else_claimed_first()
    {
        var (first, second) = (shared.NewName(), shared.NewName());
        World.Source(first).Publish(Corpus.Of("v1", Usual));
        World.Create(first);

        await World.Promoted(first, "v1");

        // Who is older is known by the second, so the other one comes in a later one.
        var created = (string)(await World.Faults.Get(first, SearchDatasets.Kind)).Json["metadata"]!["creationTimestamp"]!;
        await World.Shown(first, status => string.CompareOrdinal((string?)status["lookedAt"], created) > 0);
        World.Source(second).Publish(Corpus.Of("v9", Usual));
        World.Create(second, $$"""{"alias": "{{first}}"}""");

        var status = await World.Says(second, "Accepted", DatasetCodes.AliasClaimed);
        Assert.Contains($"default/{first}", (string)DatasetWorld.Condition(status, "Accepted")!["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(World.Cluster.Indices.All, index => index.Name.StartsWith($"{first}-v9", StringComparison.Ordinal));
        Corpus.Of("v1", Usual).AssertArrived(World.Arrived(first));

        await World.Bury(first);
        await World.Promoted(second, "v9");
        Corpus.Of("v9", Usual).AssertArrived(World.Arrived(first));
        await World.Bury(second);
    }

    [Fact]
    public Task A_template_that_would_show_the_index_to_readers() => Waits(
        DatasetCodes.TemplateInterferes,
        name => World.Put($"_index_template/{name}", $$$"""{"index_patterns": ["{{{name}}}-*"], "template": {"aliases": {"{{{name}}}": {} } } }"""),
        name => World.Delete($"_index_template/{name}"));

    [Fact]
    public Task Disks_that_are_too_full() => Waits(
        DatasetCodes.DiskFull,
        _ => SetDisks(12 * Gibibyte),
        _ => SetDisks(46 * Gibibyte));

    [Fact]
    public Task A_cluster_in_trouble() => Waits(
        DatasetCodes.ClusterNotReady,
        async _ =>
        {
            await World.Cluster.Break(Breakage.Red, Cancellation);
            await World.Faults.Shown("logs", status => (string?)status["verdict"] == "Critical");
        },
        _ => World.Cluster.Heal(Cancellation));

    [Fact]
    public async Task An_index_that_bears_the_alias_s_name()
    {
        var name = shared.NewName();
        await World.Put(name, "{}");
        World.Source(name).Publish(Corpus.Of("v1", Usual));
        World.Create(name);
        await World.Says(name, "Progressing", DatasetCodes.AliasIsIndex);
        Assert.NotNull(World.Cluster.Indices.Find(name));

        await World.Delete(name);
        await World.Promoted(name, "v1");
        Corpus.Of("v1", Usual).AssertArrived(World.Arrived(name));
        await World.Bury(name);
    }

    [Fact]
    public async Task Kubectl_describe_says_why()
    {
        using var kubectl = new Kubectl(World.Faults.Kubeconfig);
        var name = await Published("{}");
        World.Source(name).Publish(Corpus.Of("v2", 10));
        await World.Says(name, "Progressing", DatasetCodes.Shrunk);

        var described = await kubectl.Run("describe", "searchdataset", name);

        Assert.Matches($"(?s)Failed:.*Code: +{DatasetCodes.Shrunk}.*Version: +v2", described);
        Assert.Matches("(?s)Published:.*Version: +v1", described);
        Assert.Contains("maxShrinkPercent", described, StringComparison.Ordinal);
        await World.Bury(name);
    }

    private DatasetWorld World => shared.World;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Version 1 stays, and version 3 follows it.</summary>
    private async Task<string> Refused(
        Corpus bad, string code, string spec = "{}", Action<SourceFolder, Corpus>? publish = null)
    {
        var name = await Published(spec);
        (publish ?? ((source, version) => source.Publish(version)))(World.Source(name), bad);
        await AssertRefused(name, code);
        return name;
    }

    /// <summary>Something happens to version 2 after a part of it has arrived.</summary>
    private async Task RefusedMidway(string code, Action<SourceFolder, Corpus> change)
    {
        var name = await Published("{}");
        var version = Corpus.Of("v2", Usual, Long);
        using (var gate = new BulkGate(World.Cluster, name))
        {
            World.Source(name).Publish(version);
            await Await.Soon(gate.Arrived);
            change(World.Source(name), version);
        }

        await AssertRefused(name, code);
    }

    private async Task AssertRefused(string name, string code)
    {
        var status = await World.Shown(name, status => (string?)status["failed"]?["code"] == code);
        Assert.Equal(code, DatasetWorld.Reason(status, "Progressing"));
        Assert.NotEmpty((string)DatasetWorld.Condition(status, "Progressing")!["message"]!);
        Assert.Contains(code, DatasetWorld.Findings(status));
        Assert.Equal("v1", (string?)status["published"]!["version"]);
        Corpus.Of("v1", Usual).AssertArrived(World.Arrived(name));

        World.Source(name).Publish(Corpus.Of("v3", Usual));
        await Promotes(name, Corpus.Of("v3", Usual), updates: 3);
        Assert.Equal(
            [("v1", UpdateResult.Promoted, null), ("v2", UpdateResult.Failed, code), ("v3", UpdateResult.Promoted, null)], World.Ended(name));
        await World.Bury(name);
    }

    /// <summary>Version 2 waits, and goes on by itself.</summary>
    private async Task Waits(string code, Func<string, Task> block, Func<string, Task> cure)
    {
        var name = await Published("{}");
        await block(name);
        try
        {
            World.Source(name).Publish(Corpus.Of("v2", Usual));
            var status = await World.Says(name, "Progressing", code);
            Assert.Contains(code, DatasetWorld.Findings(status));
            Corpus.Of("v1", Usual).AssertArrived(World.Arrived(name));
        }
        finally
        {
            await cure(name);
        }

        await Promotes(name, Corpus.Of("v2", Usual), updates: 2);
        Assert.Equal([("v1", UpdateResult.Promoted, null), ("v2", UpdateResult.Promoted, null)], World.Ended(name));
        await World.Bury(name);
    }

    /// <summary>All documents in <c>rejected</c> records, in order.</summary>
    private (string File, int Line, string Type)[] Rejected(string name) =>
    [
        .. from file in World.Faults.Objects(RecordKind.Rejected)
           where file.Contains($".{name}.", StringComparison.Ordinal)
           from line in Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let document = JsonNode.Parse(line)!
           orderby (int)document["line"]!
           select ((string)document["file"]!, (int)document["line"]!, (string)document["type"]!),
    ];

    private static string Text(string file)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return text.ReadToEnd();
    }

    private async Task<string> Published(string spec)
    {
        var name = shared.NewName();
        World.Source(name).Publish(Corpus.Of("v1", Usual));
        World.Create(name, spec);
        await World.Promoted(name, "v1");
        return name;
    }

    /// <summary>With the history of so many updates.</summary>
    private async Task Promotes(string name, Corpus version, int updates)
    {
        await World.Promoted(name, version.Version);
        version.AssertArrived(World.Arrived(name));
        await shared.Follow(() => World.Updates(name) == updates);
    }

    private Task SetDisks(long available)
    {
        for (var node = 0; node < 3; node++)
        {
            World.Cluster.SetDisk(node, available);
        }

        return Task.CompletedTask;
    }
}
