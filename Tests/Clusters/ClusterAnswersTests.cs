using System.Text.Json;
using ClusterGrains.Clusters;
using CsCheck;

namespace ClusterGrains.Tests.Clusters;

/// <summary>Answers that are seldom and real. The everyday ones of every engine come from the pretend clusters.</summary>
public sealed class ClusterAnswersTests
{
    private static readonly ClusterAnswers Answers = new(text => text);

    [Theory]
    [InlineData("opensearch-1-pretending", false, Engine.Auto, "OpenSearch")]
    [InlineData("opensearch-1-pretending", false, Engine.Elasticsearch, "OpenSearch")]
    [InlineData("elasticsearch-7.10.2", false, Engine.Auto, "Elasticsearch")]
    [InlineData("elasticsearch-7.10.2", false, Engine.OpenSearch, "Elasticsearch")]
    [InlineData("elasticsearch-serverless", true, Engine.Auto, "Elasticsearch")]
    public void The_engine_is_known_by_more_than_the_version(string golden, bool product, Engine expected, string engine)
    {
        using var document = Golden(golden);

        Assert.Equal(engine, Answers.Identity(document.RootElement, product, expected)?.Identity.Engine);
    }

    [Theory]
    [InlineData(false, Engine.Auto, null)]
    [InlineData(true, Engine.Auto, "Elasticsearch")]
    [InlineData(false, Engine.OpenSearch, "OpenSearch")]
    public void An_answer_that_names_no_engine_is_what_the_header_or_the_spec_says(bool product, Engine expected, string? engine)
    {
        using var document = JsonDocument.Parse("""{"cluster_uuid":"u","version":{"number":"2.0.0"}}""");

        Assert.Equal(engine, Answers.Identity(document.RootElement, product, expected)?.Identity.Engine);
    }

    [Fact]
    public void A_serverless_flavour_and_a_cluster_that_has_not_formed_are_recognised()
    {
        using var serverless = Golden("elasticsearch-serverless");
        using var notFormed = Golden("not-formed");

        Assert.True(Answers.Identity(serverless.RootElement, true, Engine.Auto)?.Serverless);
        Assert.Null(Answers.Identity(notFormed.RootElement, true, Engine.Auto)!.Identity.ClusterUuid);
    }

    [Fact]
    public void Numbers_may_be_text_and_what_is_no_count_is_unknown()
    {
        using var document = Golden("health-as-text");

        Assert.Equal(
            new HealthFacts("yellow") { Nodes = 6, DataNodes = 3, ActiveShards = 820, ClusterManagerDiscovered = true },
            ClusterAnswers.Health(document.RootElement));
    }

    [Fact]
    public void Only_nodes_with_ordinary_data_are_judged_by_their_disk()
    {
        using var document = Golden("nodes-stats-mixed");

        var nodes = Answers.Nodes(document.RootElement)!;

        Assert.Equal(1, nodes.Failed);
        Assert.Equal(
            [("hot-0", true, 75.0), ("frozen-0", false, 99.0), ("manager-0", false, 50.0), ("old-0", true, 0.0), ("e", true, null)],
            nodes.Nodes.Select(node => (node.Name, node.HoldsData, (double?)(node.DiskUsedPercent is { } used ? Math.Round(used) : null))));
        Assert.Equal(61, nodes.Nodes[0].HeapUsedPercent);
    }

    [Fact]
    public void Transient_goes_over_persistent_over_default_and_other_settings_are_left_out()
    {
        using var document = Golden("settings-layers");

        var settings = Answers.Settings(document.RootElement)!;

        Assert.Equal("80%", settings[ClusterSettings.Prefix + "watermark.low"]);
        Assert.Equal("89%", settings[ClusterSettings.Prefix + "watermark.high"]);
        Assert.Equal("95%", settings[ClusterSettings.Prefix + "watermark.flood_stage"]);
        Assert.Equal("true", settings[ClusterSettings.Prefix + "threshold_enabled"]);
        Assert.Equal(5, settings.Chosen.Count + settings.Defaults.Count);
    }

    [Fact]
    public void No_JSON_makes_reading_fail()
    {
        string[] names =
        [
            "version", "number", "cluster_uuid", "cluster_name", "tagline", "status", "nodes", "_nodes", "failed", "roles", "fs", "total",
            "total_in_bytes", "available_in_bytes", "jvm", "mem", "persistent", "defaults", "number_of_nodes", "discovered_master",
            ClusterSettings.Prefix + "watermark.low", ClusterSettings.Prefix + "watermark.high.max_headroom",
        ];
        string[] leaves =
            ["null", "true", "-1", "1e308", "1e999", "9223372036854775808", "\"\"", "\"\\ud800\"", "\"95%\"", "\"1e9gb\"", "\"green\"", "\"data\"", "[]", "{}"];
        var json = Gen.Recursive<string>((depth, inner) => depth > 5
            ? Gen.OneOf(leaves)
            : Gen.Frequency(
                (2, Gen.OneOf(leaves)),
                (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
                (5, Gen.Select(Gen.OneOf(names), inner).Array[0, 8]
                    .Select(pairs => $"{{{string.Join(',', pairs.Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}"))));

        json.Sample(text =>
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var facts = new ClusterFacts
            {
                Identify = StepResult.Ok,
                Identity = Answers.Identity(root, false, Engine.OpenSearch)?.Identity,
                HealthFacts = ClusterAnswers.Health(root),
                NodesFacts = Answers.Nodes(root),
                ClusterSettings = Answers.Settings(root),
            };
            _ = Answers.TrueVersion(root);

            var outcome = ClusterChecks.Judge(Facts.Spec, facts, "pinned", Facts.Now);

            Assert.All(outcome.Findings, finding => Assert.InRange(finding.Message.Length, 1, 512));
            Assert.All(outcome.Metrics.Values, value => Assert.True(double.IsFinite(value)));
        });
    }

    private static JsonDocument Golden(string name)
    {
        using var stream = typeof(ClusterAnswersTests).Assembly.GetManifestResourceStream($"Clusters/Golden/{name}.json")!;
        return JsonDocument.Parse(stream, ClusterJson.Options);
    }
}
