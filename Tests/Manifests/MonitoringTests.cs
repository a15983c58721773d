using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Telemetry;
using ClusterGrains.Tests.Tidy;
using k8s.Models;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Manifests;

/// <summary>Alerts and dashboard ask for what there is.</summary>
public sealed partial class MonitoringTests(PrometheusNames names) : IClassFixture<PrometheusNames>
{
    private const string Folder = "k8s/monitoring";

    private static readonly string[] Severities = ["critical", "warning", "info"];

    /// <summary>Everything that a tag of ours can say: words in the metrics classes, members of enums, kinds.</summary>
    private static readonly Lazy<HashSet<string>> Values = new(() =>
    [
        "clustergrains", SearchClusters.Kind.Name, SearchDatasets.Kind.Name,
        .. from source in House.ProductSources
           where source.Path.EndsWith("Metrics.cs", StringComparison.Ordinal)
           from literal in source.All<LiteralExpressionSyntax>()
           select literal.Token.ValueText,
        .. Enum.GetNames<Verdict>(), .. Enum.GetNames<DatasetPhase>(), .. Enum.GetNames<ResourcePhase>(),
        .. new[] { typeof(FindingCodes), typeof(DatasetCodes), typeof(DatasetVerdict) }
            .SelectMany(codes => codes.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(code => (string)code.GetRawConstantValue()!),
    ]);

    public static TheoryData<string, string> Expressions => new(
        Alerts.Select(alert => (alert.Alert, alert.Expr))
            .Concat(Targets.Select(target => ((string)target["refId"]! + " of " + target.Parent!.Parent!["title"], (string)target["expr"]!))));

    private static IReadOnlyList<AlertingRule> Alerts { get; } =
        [.. ((PrometheusRule)Manifest.Read($"{Folder}/rules.yaml").Single()).Spec.Groups.SelectMany(group => group.Rules)];

    private static JsonObject Dashboard { get; } = JsonNode.Parse(House.Read($"{Folder}/clustergrains.json"))!.AsObject();

    private static IEnumerable<JsonNode> Panels => Dashboard["panels"]!.AsArray().Select(panel => panel!);

    private static IEnumerable<JsonNode> Targets => Panels.SelectMany(panel => panel["targets"]?.AsArray() ?? []).Select(target => target!);

    [Theory]
    [InlineData("docs/operating.md")]
    [InlineData("docs/alerts.md")]
    [InlineData("docs/deploying.md")]
    public void A_page_names_series_that_are_exported(string page) => Rule.Holds(
        $"What {page} tells to look at can be asked of Prometheus",
        SeriesName().Matches(House.Read(page)).Select(match => match.Value).Distinct()
            .Where(name => !names.Labels.ContainsKey(name) && !names.Labels.ContainsKey($"{name}_count")));

    [Theory]
    [MemberData(nameof(Expressions))]
    public void An_expression_asks_for_series_and_labels_that_exist(string where, string expression)
    {
        var selectors = PromQl.Selectors(expression);
        Assert.NotEmpty(selectors);
        foreach (var (name, matchers) in selectors)
        {
            Assert.True(names.Labels.ContainsKey(name), $"{where}: {name} is not exported. There are:\n{string.Join('\n', names.Labels.Keys.Order())}");
            Assert.All(matchers, matcher => Assert.Contains(matcher.Label, names.Labels[name].Concat(PrometheusNames.TargetLabels)));
            Assert.All(
                matchers.Where(_ => PrometheusNames.IsOurs(name)).SelectMany(matcher => matcher.Value.Split('|')),
                value => Assert.Contains(value, Values.Value));
        }

        Assert.All(
            PromQl.Groups(expression),
            label => Assert.Contains(label, selectors.SelectMany(one => names.Labels[one.Name]).Append("le").Concat(PrometheusNames.TargetLabels)));
    }

    /// <summary>Prometheus would call it exported_namespace, and nobody would find it.</summary>
    [Fact]
    public void No_label_of_ours_is_one_that_prometheus_gives_to_what_it_scrapes() => Rule.Holds(
        "A tag has a name of its own",
        InstrumentTags.All.Where(one => one.Value.Intersect(PrometheusNames.TargetLabels).Any()).Select(one => $"{one.Key}: {string.Join(", ", one.Value)}"));

    [Fact]
    public void An_alert_about_one_resource_goes_to_its_namespace() => Assert.All(
        Alerts.Where(alert => PromQl.Groups(alert.Expr).Contains("resource_namespace")),
        alert => Assert.Equal("{{ $labels.resource_namespace }}", alert.Labels["namespace"]));

    [Fact]
    public void Every_verdict_that_needs_somebody_has_an_alert()
    {
        var named = Alerts.SelectMany(alert => PromQl.Selectors(alert.Expr)).Where(one => one.Name == "clustergrains_resource_trouble_seconds")
            .SelectMany(one => one.Matchers).Where(matcher => matcher.Label is "verdict" or "reason").SelectMany(matcher => matcher.Value.Split('|'));

        Assert.Subset(
            named.ToHashSet(),
            new HashSet<string>(["Degraded", .. SearchClusters.Kind.Urgent, .. SearchDatasets.Kind.Urgent, nameof(DatasetPhase.AwaitingApproval)]));
    }

    [Fact]
    public void The_reader_of_expressions_finds_every_series() => Assert.Equal(
        ["a_total", "b", "a_total"],
        PromQl.Selectors("""sum by (x, y) (rate(a_total{x="1", y=~"2|3"}[5m])) > 0.5 and on (x) b or absent(a_total offset 1h)""").Select(one => one.Name));

    [Fact]
    public void Tags_are_read_from_the_code()
    {
        Assert.Equal(["kind", "outcome"], InstrumentTags.All["clustergrains.run.duration"]);
        Assert.Equal(["kind"], InstrumentTags.All["clustergrains.watch.age"]);
        Assert.Equal(["delivery", "kind", "outcome"], InstrumentTags.All["clustergrains.watch.deliveries"]);
        Assert.Equal(["operation"], InstrumentTags.All["clustergrains.storage.errors"]);
        Assert.Equal(["kind", "phase", "verdict"], InstrumentTags.All["clustergrains.resources"]);
        Assert.Equal(["kind", "name", "reason", "resource_namespace", "verdict"], InstrumentTags.All[TelemetryParts.NamesResources]);
    }

    [Fact]
    public void An_alert_says_how_bad_it_is_what_it_means_and_whom_it_is_about() => Assert.All(Alerts, alert =>
    {
        Assert.Contains(alert.Labels["severity"], Severities);
        Assert.EndsWith(".", alert.Annotations["summary"], StringComparison.Ordinal);
        Assert.NotEmpty(alert.Annotations["description"]);
        Assert.Matches("^[0-9]+[mh]$", alert.For);
        var told = LabelInText().Matches(string.Join(' ', alert.Annotations.Values)).Select(match => match.Groups[1].Value);
        Assert.All(told, label => Assert.Contains(label, PromQl.Groups(alert.Expr).Concat(PrometheusNames.TargetLabels)));
    });

    [Fact]
    public void Every_alert_is_explained() => Assert.Equal(
        Alerts.Select(alert => alert.Alert),
        House.Read("docs/alerts.md").Split('\n').Where(line => line.StartsWith("## ClusterGrains", StringComparison.Ordinal)).Select(line => line[3..].Trim()));

    [Fact]
    public void The_operator_itself_is_watched_from_outside() =>
        Assert.Contains(Alerts, alert => alert.Expr.StartsWith("absent(up{", StringComparison.Ordinal));

    [Fact]
    public void A_panel_has_its_own_number_and_names_its_lines_by_labels_that_are_there()
    {
        Assert.Equal(Panels.Count(), Panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        Assert.All(Targets, target => Assert.All(
            Legend().Matches((string?)target["legendFormat"] ?? "").Select(match => match.Groups[1].Value),
            label => Assert.Contains(label, PromQl.Groups((string)target["expr"]!))));
        Assert.All(Targets, target => Assert.Equal("${datasource}", (string?)target["datasource"]!["uid"]));
    }

    [Fact]
    public async Task The_metrics_of_every_silo_are_scraped()
    {
        var monitor = (ServiceMonitor)Manifest.Read($"{Folder}/service-monitor.yaml").Single();
        var service = Manifest.Read("k8s/base/service.yaml").OfType<V1Service>().Single();
        var endpoint = monitor.Spec.Endpoints.Single();

        Assert.All(monitor.Spec.Selector.MatchLabels, pair => Assert.Equal(service.Metadata.Labels[pair.Key], pair.Value));
        Assert.Equal(new ManagementOptions().Port, service.Spec.Ports.Single(port => port.Name == endpoint.Port).Port);
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Equal("clustergrains", service.Metadata.Labels[monitor.Spec.JobLabel!]);
        Assert.Equal("/metrics", endpoint.Path);
        Assert.Equal(3, (await Installation.Render(Folder)).Objects.Count);
    }

    [GeneratedRegex(@"\$labels\.(\w+)")]
    private static partial Regex LabelInText();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex(@"\bclustergrains_[a-z_]+\b")]
    private static partial Regex SeriesName();
}
