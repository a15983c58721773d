using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.Datasets;

public sealed class DatasetSpecsTests
{
    private const string Least =
        """{"clusterRef":{"name":"search-a"},"alias":"products","source":{"uri":"s3://feeds/products"}}""";

    private static readonly TimeSpan Minimum = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_spec_with_only_what_is_required_gets_the_defaults_of_the_schema()
    {
        var spec = Accepted(Least);

        Assert.Equal("search-a", spec.ClusterRef.Name);
        Assert.Equal("products", spec.Alias);
        Assert.Equal(new SourceSpec { Uri = "s3://feeds/products" }, spec.Source);
        Assert.Equal("_SUCCESS", spec.Source.Marker);
        Assert.Equal(new IndexSpec(), spec.Index);
        Assert.Equal(new LoadSpec(), spec.Load);
        Assert.Equal(8 << 20, spec.Load.BatchBytes.Bytes);
        Assert.Equal(new VerifySpec().MaxShrinkPercent, spec.Verify.MaxShrinkPercent);
        Assert.Empty(spec.Verify.Queries);
        Assert.Equal(new RolloutSpec(), spec.Rollout);
        Assert.Equal(TimeSpan.FromMinutes(3), spec.Schedule.EffectiveStaleAfter);
        Assert.False(spec.Suspend);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var spec = Accepted("""
            {"clusterRef":{"name":"a"},"alias":"products_v2.x","suspend":true,
             "source":{"uri":"s3://feeds/p/","s3":{"endpoint":"http://minio:9000","region":"eu-central-1","forcePathStyle":false},
               "secretRef":{"name":"feeds"},"marker":"DONE","manifest":"Required","pattern":"v.*","order":"SemVer","format":"Zstd",
               "idField":"sku","expectNewWithin":"26h"},
             "index":{"shards":6,"replicas":0,"settings":{"analysis":{"x":1}},"mappings":{"_meta":{"team":"a"},"dynamic":"strict"},
               "configMapRef":{"name":"cm"}},
             "load":{"batchBytes":"512Ki","workers":2,"inFlightBytes":"1Gi","deadline":"30m"},
             "verify":{"minDocs":10,"maxShrinkPercent":0,"maxRejected":5,"maxDuplicatePercent":1,
               "queries":[{"name":"shoes","body":{"query":{"match":{"title":"shoe"}}},"minHits":50}]},
             "rollout":{"onNewVersion":"Supersede","approval":"Manual","pin":"v1.2.3","keepPrevious":0,"writeBlock":false,"orphanGrace":"0s"},
             "schedule":{"interval":"5m","staleAfter":"1h"}}
            """);

        Assert.Equal(
            new SourceSpec
            {
                Uri = "s3://feeds/p/",
                S3 = new() { Endpoint = "http://minio:9000", Region = "eu-central-1", ForcePathStyle = false },
                SecretRef = new() { Name = "feeds" },
                Marker = "DONE",
                Manifest = ManifestUse.Required,
                Pattern = "v.*",
                Order = VersionOrder.SemVer,
                Format = DataFormat.Zstd,
                IdField = "sku",
                ExpectNewWithin = TimeSpan.FromHours(26),
            },
            spec.Source);
        Assert.Equal((6, 0, "cm"), (spec.Index.Shards, spec.Index.Replicas, spec.Index.ConfigMapRef?.Name));
        Assert.Equal("""{"analysis":{"x":1}}""", spec.Index.Settings?.GetRawText());
        Assert.Equal("strict", spec.Index.Mappings?.GetProperty("dynamic").GetString());
        Assert.Equal(
            new LoadSpec { BatchBytes = new(512 << 10), Workers = 2, InFlightBytes = new(1 << 30), Deadline = TimeSpan.FromMinutes(30) },
            spec.Load);
        Assert.Equal((10, 0, 5, 1), (spec.Verify.MinDocs, spec.Verify.MaxShrinkPercent, spec.Verify.MaxRejected, spec.Verify.MaxDuplicatePercent));
        var query = Assert.Single(spec.Verify.Queries);
        Assert.Equal(("shoes", 50, JsonValueKind.Object), (query.Name, query.MinHits, query.Body.ValueKind));
        Assert.Equal(
            new RolloutSpec
            {
                OnNewVersion = OnNewVersion.Supersede,
                Approval = Approval.Manual,
                Pin = "v1.2.3",
                KeepPrevious = 0,
                WriteBlock = false,
                OrphanGrace = TimeSpan.Zero,
            },
            spec.Rollout);
        Assert.Equal(new LookSpec { Interval = TimeSpan.FromMinutes(5), StaleAfter = TimeSpan.FromHours(1) }, spec.Schedule);
        Assert.True(spec.Suspend);
    }

    [Theory]
    [InlineData("alias", "\"\"", "spec.alias", "1 to 100 lower case letters")]
    [InlineData("alias", "\"Products\"", "spec.alias", "1 to 100 lower case letters")]
    [InlineData("alias", "\"-products\"", "spec.alias", "a letter or digit first")]
    [InlineData("alias", "\"_products\"", "spec.alias", "a letter or digit first")]
    [InlineData("alias", "\"+products\"", "spec.alias", "a letter or digit first")]
    [InlineData("alias", "\"..\"", "spec.alias", "a letter or digit first")]
    [InlineData("alias", "\"pro*\"", "spec.alias", "1 to 100 lower case letters")]
    [InlineData("alias", "\"products,other\"", "spec.alias", "1 to 100 lower case letters")]
    [InlineData("alias", "\"products\\n\"", "spec.alias", "1 to 100 lower case letters")]
    [InlineData("alias", "null", "spec.alias", "wrong type")]
    [InlineData("clusterRef.name", "\"../a\"", "spec.clusterRef.name", "name of a SearchCluster")]
    [InlineData("clusterRef", "{}", "spec.clusterRef", "required")]
    [InlineData("source.uri", "\"https://feeds\"", "spec.source.uri", "Write s3://bucket/prefix or file:///folder.")]
    [InlineData("source.uri", "\"file:///data/../etc\"", "spec.source.uri", "without '.' and '..'")]
    [InlineData("source.uri", "\"s3://feeds?x=y\"", "spec.source.uri", "without '?' and '#'")]
    [InlineData("source.s3", "{\"endpoint\":\"minio:9000\"}", "spec.source.s3.endpoint", "http or https URL")]
    [InlineData("source.s3", "{\"region\":\"../eu\"}", "spec.source.s3.region", "Write a region")]
    [InlineData("source.marker", "\"a/b\"", "spec.source.marker", "name of a file")]
    [InlineData("source.marker", "\"..\"", "spec.source.marker", "name of a file")]
    [InlineData("source.order", "\"Newest\"", "spec.source.order", "wrong type")]
    [InlineData("source.pattern", "\"[0-9\"", "spec.source.pattern", "regular expression")]
    [InlineData("source.pattern", "\"a)|(b\"", "spec.source.pattern", "regular expression")]
    [InlineData("source.pattern", "\"(?<!x)y\"", "spec.source.pattern", "without look-around")]
    [InlineData("source.idField", "\"\"", "spec.source.idField", "Write 1 to 128 characters.")]
    [InlineData("source.expectNewWithin", "\"59s\"", "spec.source.expectNewWithin", "at least one interval (1m)")]
    [InlineData("source.expectNewWithin", "\"9999h\"", "spec.source.expectNewWithin", "Write 1m to 8784h.")]
    [InlineData("index.shards", "0", "spec.index.shards", "Write 1 to 1024.")]
    [InlineData("index.replicas", "17", "spec.index.replicas", "Write 0 to 16.")]
    [InlineData("index.shards", "1.5", "spec.index.shards", "wrong type")]
    [InlineData("index.settings", "[]", "spec.index.settings", "Write an object")]
    [InlineData("index.settings", "{\"number_of_shards\":3}", "spec.index.settings.number_of_shards", "spec.index.shards")]
    [InlineData("index.settings", "{\"index.number_of_replicas\":3}", "spec.index.settings.index.number_of_replicas", "spec.index.replicas")]
    [InlineData("index.settings", "{\"settings\":{\"index\":{\"number_of_shards\":3}}}", "spec.index.settings.index.number_of_shards", "spec.index.shards")]
    [InlineData("index.settings", "{\"index\":{\"blocks\":{\"write\":true}}}", "spec.index.settings.index.blocks.write", "writeBlock")]
    [InlineData("index.settings", "{\"index.lifecycle.name\":\"x\"}", "spec.index.settings.index.lifecycle.name", "creates, promotes and deletes")]
    [InlineData("index.settings", "{\"translog\":{\"durability\":\"async\"}}", "spec.index.settings.translog.durability", "acknowledged")]
    [InlineData("index.settings", "{\"aliases\":{}}", "spec.index.settings.aliases", "spec.alias is the only alias")]
    [InlineData("index.settings", "{\"mappings\":{}}", "spec.index.settings.mappings", "spec.index.mappings")]
    [InlineData("index.mappings", "\"strict\"", "spec.index.mappings", "Write an object")]
    [InlineData("index.mappings", "{\"_meta\":{\"clustergrains\":{}}}", "spec.index.mappings._meta.clustergrains", "whose the index is")]
    [InlineData("index.mappings", "{\"mappings\":{\"_meta\":{\"clustergrains\":1}}}", "spec.index.mappings._meta.clustergrains", "whose the index is")]
    [InlineData("index.mappings", "{\"_meta\":7}", "spec.index.mappings._meta", "Write an object or take it out.")]
    [InlineData("index.configMapRef", "{\"name\":\"A\"}", "spec.index.configMapRef.name", "name of a ConfigMap")]
    [InlineData("load.batchBytes", "\"63Ki\"", "spec.load.batchBytes", "Write 64Ki to 90Mi")]
    [InlineData("load.batchBytes", "\"8MB\"", "spec.load.batchBytes", "wrong type")]
    [InlineData("load.batchBytes", "8388608", "spec.load.batchBytes", "wrong type")]
    [InlineData("load.inFlightBytes", "\"7Mi\"", "spec.load.inFlightBytes", "at least one batch (8Mi), at most 1Gi")]
    [InlineData("load.inFlightBytes", "\"1025Mi\"", "spec.load.inFlightBytes", "at most 1Gi")]
    [InlineData("load.workers", "65", "spec.load.workers", "Write 1 to 64.")]
    [InlineData("load.deadline", "\"59s\"", "spec.load.deadline", "Write 1m to 168h.")]
    [InlineData("verify.minDocs", "-1", "spec.verify.minDocs", "Write 0 or more.")]
    [InlineData("verify.maxShrinkPercent", "101", "spec.verify.maxShrinkPercent", "Write 0 to 100.")]
    [InlineData("verify.queries", "[null]", "spec.verify.queries[0]", "take it out")]
    [InlineData("verify.queries", "[{\"name\":\"a\"}]", "spec.verify.queries[0]", "required")]
    [InlineData("verify.queries", "[{\"name\":\"a\",\"body\":[]}]", "spec.verify.queries[0].body", "Write the body of _search")]
    [InlineData("verify.queries", "[{\"name\":\"a b\",\"body\":{}}]", "spec.verify.queries[0].name", "letters, digits")]
    [InlineData("verify.queries", "[{\"name\":\"a\",\"body\":{}},{\"name\":\"a\",\"body\":{}}]", "spec.verify.queries[1].name", "a name of its own")]
    [InlineData("verify.queries", "[{\"name\":\"a\",\"body\":{},\"minHits\":-1}]", "spec.verify.queries[0].minHits", "Write 0 or more.")]
    [InlineData("rollout.pin", "\"a/b\"", "spec.rollout.pin", "version's folder")]
    [InlineData("rollout.pin", "\"_tmp\"", "spec.rollout.pin", "version's folder")]
    [InlineData("rollout.keepPrevious", "21", "spec.rollout.keepPrevious", "Write 0 to 20.")]
    [InlineData("rollout.orphanGrace", "\"721h\"", "spec.rollout.orphanGrace", "Write 0s to 720h.")]
    [InlineData("rollout.approval", "\"Sometimes\"", "spec.rollout.approval", "wrong type")]
    [InlineData("schedule.interval", "\"29s\"", "spec.schedule.interval", "Checks:MinimumInterval")]
    [InlineData("schedule.staleAfter", "\"59s\"", "spec.schedule.staleAfter", "at least one interval (1m)")]
    public void What_the_schema_let_pass_is_refused_with_field_and_cure(string path, string value, string field, string cure)
    {
        var reading = DatasetSpecs.Read(With(path, value), Minimum);

        Assert.Null(reading.Spec);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(cure, problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pin_is_a_version_by_pattern_and_order()
    {
        var source = """{"uri":"file:///data","pattern":"v[0-9.]+","order":"SemVer"}""";

        Assert.Empty(DatasetSpecs.Read(With(("source", source), ("rollout", """{"pin":"v1.2.3"}""")), Minimum).Problems);
        Assert.All(["2026-11-22", "v1.2", "1.2.3"], pin => Assert.Equal(
            "spec.rollout.pin",
            Assert.Single(DatasetSpecs.Read(With(("source", source), ("rollout", $$"""{"pin":"{{pin}}"}""")), Minimum).Problems).Field));
    }

    [Fact]
    public void A_folder_takes_no_S3_settings() => Assert.Equal(
        ["spec.source.s3", "spec.source.secretRef"],
        DatasetSpecs.Read(With("source", """{"uri":"file:///data","s3":{},"secretRef":{"name":"x"}}"""), Minimum)
            .Problems.Select(problem => problem.Field));

    [Fact]
    public void Texts_beyond_their_size_are_refused_with_the_size()
    {
        var large = $$"""{"text":"{{new string('x', 300 << 10)}}"}""";
        var problems = DatasetSpecs.Read(
            With(("index", $$"""{"settings":{{large}},"mappings":{{large}}}"""), ("verify", $$"""{"queries":[{"name":"a","body":{{large}}}]}""")),
            Minimum).Problems;

        Assert.Equal(
            [
                "spec.index.settings '300 KiB': Write at most 64 KiB.",
                "spec.index.mappings '300 KiB': Write at most 256 KiB.",
                "spec.verify.queries[0].body '300 KiB': Write at most 16 KiB.",
            ],
            problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_each_field_once()
    {
        var problems = DatasetSpecs.Read(
            With(
                ("alias", "\"X\""), ("source", """{"uri":"ftp://me:hush@feeds","marker":"/"}"""), ("index", """{"shards":0,"settings":{"mappings":1}}"""),
                ("load", """{"batchBytes":"1","workers":0}"""), ("verify", """{"maxShrinkPercent":200}"""), ("schedule", """{"interval":"1s"}""")),
            Minimum).Problems;

        Assert.Equal(
            [
                "spec.alias", "spec.index.settings.mappings", "spec.index.shards", "spec.load.batchBytes", "spec.load.workers",
                "spec.schedule.interval", "spec.source.marker", "spec.source.uri", "spec.verify.maxShrinkPercent",
            ],
            problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.ToString().Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void No_more_mistakes_are_told_than_anybody_mends_at_a_time()
    {
        var many = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"blocks.{i}\":1"));

        Assert.Equal(SpecReading.MaxProblems, DatasetSpecs.Read(With("index.settings", $"{{{many}}}"), Minimum).Problems.Length);
    }

    [Fact]
    public void What_was_accepted_before_is_read_although_the_minimum_has_risen() =>
        Assert.Empty(DatasetSpecs.Read(With("schedule.interval", "\"1s\""), TimeSpan.Zero).Problems);

    [Fact]
    public void No_text_makes_reading_fail()
    {
        var fields = new[] { "alias", "source.uri", "source.pattern", "source.marker", "source.s3", "rollout.pin", "index.settings", "verify.queries", "load.batchBytes" };
        var odd = new[] { "null", "[]", "{}", "[[]]", "[{}]", "-1", "1e999" };
        Gen.Select(Gen.Int[0, fields.Length - 1].Select(i => fields[i]), Gen.OneOf(Gen.String.Select(text => JsonSerializer.Serialize(text)), Gen.Int[0, odd.Length - 1].Select(i => odd[i])))
            .Sample((field, value) =>
            {
                var reading = DatasetSpecs.Read(With(field, value), Minimum);
                Assert.Equal(reading.Spec is null, !reading.Problems.IsEmpty);
            });
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("512Ki", 512 << 10)]
    [InlineData("90Mi", 90 << 20)]
    [InlineData("1Gi", 1 << 30)]
    [InlineData("1025", 1025)]
    public void A_quantity_is_read_and_written_back(string text, long bytes)
    {
        Assert.True(ByteQuantity.TryParse(text, out var quantity));
        Assert.Equal(bytes, quantity.Bytes);
        Assert.Equal(text, quantity.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1Mi")]
    [InlineData("1.5Mi")]
    [InlineData("8M")]
    [InlineData("8 Mi")]
    [InlineData("8Mi\n")]
    [InlineData("9999999999999")]
    [InlineData("٨Mi")]
    [InlineData(null)]
    public void Anything_else_is_no_quantity(string? text) => Assert.False(ByteQuantity.TryParse(text, out _));

    private static SearchDatasetSpec Accepted(string json)
    {
        var (spec, problems) = DatasetSpecs.Read(json, Minimum);
        Assert.Empty(problems);
        return spec!;
    }

    private static string With(string path, string value) => With((path, value));

    /// <summary>Values are put in as text: what is no JSON stays so.</summary>
    private static string With(params (string Path, string Value)[] changes)
    {
        var spec = JsonNode.Parse(Least)!;
        foreach (var (path, _) in changes)
        {
            var at = spec;
            foreach (var step in path.Split('.')[..^1])
            {
                at[step] ??= new JsonObject();
                at = at[step]!;
            }

            at[path.Split('.')[^1]] = $"value of {path}";
        }

        return changes.Aggregate(
            spec.ToJsonString(),
            (json, change) => json.Replace($"\"value of {change.Path}\"", change.Value, StringComparison.Ordinal));
    }
}
