using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

public sealed class DiskChecksTests
{
    private static readonly ClusterIdentity Elasticsearch7 = Facts.Elasticsearch8 with { Version = "7.17.22" };

    [Theory]
    [InlineData(84.9, null)]
    [InlineData(85.1, FindingCodes.DiskLow)]
    [InlineData(90.1, FindingCodes.DiskHigh)]
    [InlineData(95.1, FindingCodes.DiskFlood)]
    public void A_share_is_what_may_be_used(double used, string? code) =>
        Assert.Equal(code, Code(Facts.Healthy with { Identity = Facts.OpenSearch2, ClusterSettings = Settings() }, used));

    [Theory]
    [InlineData("0.85", 84.9, null)]
    [InlineData("0.85", 85.1, FindingCodes.DiskLow)]
    [InlineData("300gb", 69, null)]
    [InlineData("300gb", 71, FindingCodes.DiskLow)]
    [InlineData("307200mb", 71, FindingCodes.DiskLow)]
    [InlineData("0.3TB", 71, FindingCodes.DiskLow)]
    [InlineData("nonsense", 85.1, FindingCodes.DiskLow)]
    public void A_watermark_is_a_ratio_or_bytes_that_stay_free_too(string low, double used, string? code) =>
        Assert.Equal(code, Code(Facts.Healthy with { ClusterSettings = Settings(("watermark.low", low)) }, used));

    [Fact]
    public void A_chosen_watermark_goes_over_the_default()
    {
        var settings = Settings(("watermark.low", "50%"), ("watermark.high", "55%"), ("watermark.flood_stage", "60%"));

        Assert.Equal(FindingCodes.DiskFlood, Code(Facts.Healthy with { ClusterSettings = settings }, 61));
    }

    [Fact]
    public void A_default_headroom_lets_a_large_disk_be_fuller_than_its_percentage()
    {
        // 4,000 GiB, 88 % used: 480 GiB are free, more than the headroom of 200 GB asks for.
        var large = Facts.Node("data-0", 88, totalGiB: 4000);

        Assert.Empty(Findings(Facts.Healthy.With(large)));
        Assert.Equal(FindingCodes.DiskLow, Assert.Single(Findings(Facts.Healthy.With(Facts.Node("data-0", 95.5, 4000)))).Code);
    }

    [Fact]
    public void A_default_headroom_does_not_go_with_a_chosen_watermark_and_a_chosen_one_does()
    {
        var large = Facts.Healthy.With(Facts.Node("data-0", 88, totalGiB: 4000));
        (string, string)[] low = [("watermark.low", "85%")];

        Assert.Single(Findings(large with { ClusterSettings = Facts.Settings(low, Facts.Defaults) }));
        Assert.Empty(Findings(large with
        {
            ClusterSettings = Facts.Settings([.. low, ("watermark.low.max_headroom", "200GB")], Facts.Defaults),
        }));
    }

    [Fact]
    public void A_headroom_of_minus_one_is_none()
    {
        var settings = Facts.Settings([("watermark.low.max_headroom", "-1")], Facts.Defaults);

        Assert.Single(Findings(Facts.Healthy.With(Facts.Node("data-0", 88, totalGiB: 4000)) with { ClusterSettings = settings }));
    }

    [Theory]
    [InlineData("8.15.2", false)]
    [InlineData("7.17.22", true)]
    public void Watermarks_that_are_not_told_are_the_defaults_of_the_version_and_said_to_be_assumed(string version, bool found)
    {
        var facts = Facts.Healthy.With(Facts.Node("data-0", 88, totalGiB: 4000)) with
        {
            Identity = Facts.Elasticsearch8 with { Version = version },
            ClusterSettings = null,
        };

        Assert.Equal(found, Findings(facts).Any(finding => finding.Message.Contains("assumed", StringComparison.Ordinal)));
    }

    public static TheoryData<ClusterIdentity, string?, Severity> SingleDataNode() => new()
    {
        { Facts.Elasticsearch8, null, Severity.Critical },
        { Elasticsearch7, null, Severity.Warning },
        { Elasticsearch7, "watermark.enable_for_single_data_node", Severity.Critical },
        { Facts.OpenSearch2, null, Severity.Warning },
        { Facts.OpenSearch2, "threshold.enable_for_single_data_node", Severity.Critical },
    };

    [Theory]
    [MemberData(nameof(SingleDataNode))]
    public void A_single_data_node_is_judged_leniently_where_the_engine_does_so(
        ClusterIdentity identity, string? enabled, Severity severity)
    {
        var facts = Facts.Healthy.With(Facts.Node("data-0", 91)) with
        {
            Identity = identity,
            HealthFacts = Facts.Green with { DataNodes = 1 },
            ClusterSettings = enabled is null ? Settings() : Settings((enabled, "true")),
        };

        var finding = Assert.Single(Findings(facts));
        Assert.Equal((FindingCodes.DiskHigh, severity), (finding.Code, finding.Severity));
    }

    [Fact]
    public void The_flood_stage_counts_on_a_single_data_node_too()
    {
        var facts = Facts.Healthy.With(Facts.Node("data-0", 96)) with
        {
            Identity = Facts.OpenSearch2,
            HealthFacts = Facts.Green with { DataNodes = 1 },
            ClusterSettings = Settings(),
        };

        Assert.Equal(Severity.Critical, Assert.Single(Findings(facts)).Severity);
    }

    [Fact]
    public void The_message_names_node_numbers_watermark_and_cure()
    {
        var finding = Assert.Single(Findings(Facts.Healthy.With(Facts.Node("data-0", 96.25)) with { ClusterSettings = Settings() }));

        Assert.Equal("data-0", finding.Object);
        Assert.Equal(
            "Node data-0: disk 96.3 % used, 37.5 GiB of 1000 GiB free, past the flood stage watermark (95% used). Indices with a "
            + "shard here are read-only until disk is freed; then the block goes by itself. Delete data, or add disk or nodes.",
            finding.Message);
    }

    [Fact]
    public void Every_node_has_its_own_finding_the_fullest_first_and_at_most_ten()
    {
        var nodes = Enumerable.Range(0, 15).Select(i => Facts.Node($"data-{i}", 85.5 + i)).ToArray();

        var findings = Findings(Facts.Healthy.With(nodes) with { ClusterSettings = Settings() });

        Assert.Equal(Enumerable.Range(5, 10).Reverse().Select(i => $"data-{i}"), findings.Select(finding => finding.Object));
    }

    [Fact]
    public void Nodes_without_data_and_nodes_that_do_not_say_their_disk_are_passed_over()
    {
        var facts = Facts.Healthy.With(
            Facts.Node("manager-0", 99) with { HoldsData = false },
            new NodeFacts("data-0", true),
            new NodeFacts("data-1", true, 0, 0),
            new NodeFacts("data-2", true, 100, null));

        Assert.Empty(Findings(facts));
    }

    private static ClusterSettings Settings(params (string, string)[] chosen) =>
        Facts.Settings(chosen, [.. Facts.Defaults.Where(s => !s.Item1.EndsWith("headroom", StringComparison.Ordinal))]);

    private static string? Code(ClusterFacts facts, double used) =>
        Findings(facts.With(Facts.Node("data-0", used))).SingleOrDefault()?.Code;

    private static ImmutableArray<Finding> Findings(ClusterFacts facts) =>
        ClusterChecks.Judge(Facts.Spec, facts, null, Facts.Now).Findings;
}
