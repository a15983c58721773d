using System.Collections.Immutable;
using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Clusters;

/// <summary>A cluster with nothing wrong, to be spoilt.</summary>
internal static class Facts
{
    public const string Endpoint = "https://logs:9200";
    public const string Uuid = "3rjKx2vCQ0aJ8eY1nTqYdw";
    public const long GiB = 1L << 30;

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static SearchClusterSpec Spec { get; } = new() { Endpoints = [Endpoint] };

    public static ClusterIdentity Elasticsearch8 { get; } = new("Elasticsearch", "8.15.2", "logs", Uuid);

    public static ClusterIdentity OpenSearch2 { get; } = new("OpenSearch", "2.19.1", "logs", Uuid);

    public static HealthFacts Green { get; } = new("green")
    {
        Nodes = 3, DataNodes = 3, ActiveShards = 8, ActivePrimaries = 4, Unassigned = 0, Relocating = 0, Initializing = 0,
        DelayedUnassigned = 0, PendingTasks = 0,
    };

    public static ClusterFacts Healthy { get; } = new()
    {
        Endpoint = Endpoint,
        Identify = StepResult.Ok,
        Identity = Elasticsearch8,
        Health = StepResult.Ok,
        HealthFacts = Green,
        NodeStats = StepResult.Ok,
        NodesFacts = new([Node("data-0", 40), Node("data-1", 30), Node("data-2", 20)]),
        Settings = StepResult.Ok,
        ClusterSettings = Settings([], Defaults),
    };

    /// <summary>A gigabyte-sized disk would make rounding matter: this one has 1,000 GiB, so a percent is 10 GiB.</summary>
    public static NodeFacts Node(string name, double usedPercent, long totalGiB = 1000) =>
        new(name, true, totalGiB * GiB, (long)(totalGiB * GiB * (1 - (usedPercent / 100))), 50);

    public static (string, string)[] Defaults =>
    [
        ("watermark.low", "85%"), ("watermark.low.max_headroom", "200GB"),
        ("watermark.high", "90%"), ("watermark.high.max_headroom", "150GB"),
        ("watermark.flood_stage", "95%"), ("watermark.flood_stage.max_headroom", "100GB"),
        ("threshold_enabled", "true"),
    ];

    public static ClusterSettings Settings((string Key, string Value)[] chosen, (string Key, string Value)[] defaults) =>
        new(Map(chosen), Map(defaults));

    public static ClusterFacts With(this ClusterFacts facts, params NodeFacts[] nodes) =>
        facts with { NodesFacts = new([.. nodes]) };

    public static ClusterFacts Unreached(StepResult result, string endpoint = Endpoint) => new()
    {
        PassedOver = [new EndpointFailure(endpoint, Step.Identify, result)],
    };

    private static ImmutableDictionary<string, string> Map((string Key, string Value)[] settings) =>
        settings.ToImmutableDictionary(s => ClusterSettings.Prefix + s.Key, s => s.Value, StringComparer.Ordinal);
}
