using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Who an endpoint says it is.</summary>
/// <param name="Serverless">A flavour that lacks most of the cluster's own APIs.</param>
internal sealed record Introduction(ClusterIdentity Identity, bool Serverless);

/// <summary>From the JSON of OpenSearch 1 to 3 and Elasticsearch 7 to 9 to facts. Null for JSON that is something else.</summary>
/// <param name="redact">Takes our credentials out of what the cluster wrote.</param>
internal sealed class ClusterAnswers(Func<string, string> redact)
{
    private const int MaxNodes = 10_000;
    private const int MaxSettings = 1_000;
    private const int MaxName = 128;
    private const int MaxUuid = 64;
    private const int MaxVersion = 64;
    private const string NotFormed = "_na_";

    /// <param name="elasticProduct">Whether the answer carries the header <c>X-elastic-product: Elasticsearch</c>.</param>
    /// <param name="expected">Decides when the answer names no engine.</param>
    public Introduction? Identity(JsonElement root, bool elasticProduct, Engine expected)
    {
        var number = Safe(root.Text("version", "number"), MaxVersion);
        var uuid = Safe(root.Text("cluster_uuid"), MaxUuid);
        if (number.Length == 0 || uuid.Length == 0 || EngineOf(root, elasticProduct, expected) is not { } engine)
        {
            return null;
        }

        var identity = new ClusterIdentity(
            engine.ToString(), number, Safe(root.Text("cluster_name"), MaxName), uuid == NotFormed ? null : uuid);
        return new Introduction(identity, root.Text("version", "build_flavor") == "serverless");
    }

    /// <summary>The version of the node that answers <see cref="ClusterRequest.TrueVersion"/>.</summary>
    public string? TrueVersion(JsonElement root)
    {
        if (root.At("nodes") is not { ValueKind: JsonValueKind.Object } nodes)
        {
            return null;
        }

        var version = Safe(nodes.EnumerateObject().Select(node => node.Value.Text("version")).FirstOrDefault(), MaxVersion);
        return version.Length == 0 ? null : version;
    }

    public static HealthFacts? Health(JsonElement root)
    {
        var status = root.Text("status")?.ToLowerInvariant();
        if (status is not ("green" or "yellow" or "red"))
        {
            return null;
        }

        return new HealthFacts(status)
        {
            Nodes = root.Count("number_of_nodes"),
            DataNodes = root.Count("number_of_data_nodes"),
            ActiveShards = root.Count("active_shards"),
            ActivePrimaries = root.Count("active_primary_shards"),
            Relocating = root.Count("relocating_shards"),
            Initializing = root.Count("initializing_shards"),
            Unassigned = root.Count("unassigned_shards"),
            UnassignedPrimaries = root.Count("unassigned_primary_shards"),
            DelayedUnassigned = root.Count("delayed_unassigned_shards"),
            PendingTasks = root.Count("number_of_pending_tasks"),
            ClusterManagerDiscovered = root.Flag("discovered_cluster_manager") ?? root.Flag("discovered_master"),
        };
    }

    public NodesFacts? Nodes(JsonElement root)
    {
        if (root.At("nodes") is not { ValueKind: JsonValueKind.Object } nodes)
        {
            return null;
        }

        return new NodesFacts([.. nodes.EnumerateObject().Take(MaxNodes).Select(Node)], root.Count("_nodes", "failed") ?? 0);
    }

    /// <summary>Only of <see cref="ClusterSettings.Prefix"/>.</summary>
    public ClusterSettings? Settings(JsonElement root)
    {
        if (root.At("persistent") is null && root.At("transient") is null && root.At("defaults") is null)
        {
            return null;
        }

        return new ClusterSettings(
            Section(root, "persistent").SetItems(Section(root, "transient")), Section(root, "defaults"));
    }

    // The tagline stays even when the version pretends; distribution came with OpenSearch 1.0, the header with 7.14.
    private static Engine? EngineOf(JsonElement root, bool elasticProduct, Engine expected)
    {
        var tagline = root.Text("tagline") ?? "";
        if (root.Text("version", "distribution") == "opensearch" || tagline.Contains("OpenSearch", StringComparison.Ordinal))
        {
            return Engine.OpenSearch;
        }

        if (elasticProduct || tagline == "You Know, for Search" || root.Text("version", "build_flavor") is not null)
        {
            return Engine.Elasticsearch;
        }

        return expected is Engine.Auto ? null : expected;
    }

    private NodeFacts Node(JsonProperty node) => new(
        Safe(node.Value.Text("name"), MaxName) is { Length: > 0 } name ? name : Safe(node.Name, MaxName),
        HoldsData(node.Value),
        node.Value.Count("fs", "total", "total_in_bytes"),
        node.Value.Count("fs", "total", "available_in_bytes"),
        node.Value.Number("jvm", "mem", "heap_used_percent"));

    private static bool HoldsData(JsonElement node)
    {
        if (node.At("roles") is not { ValueKind: JsonValueKind.Array } roles)
        {
            return true;
        }

        return roles.EnumerateArray()
            .Select(role => role.Scalar() ?? "")
            .Any(role => role == "data" || (role.StartsWith("data_", StringComparison.Ordinal) && role != "data_frozen"));
    }

    private ImmutableDictionary<string, string> Section(JsonElement root, string name)
    {
        var settings = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (root.At(name) is { ValueKind: JsonValueKind.Object } section)
        {
            foreach (var setting in section.EnumerateObject())
            {
                if (settings.Count < MaxSettings
                    && setting.Name.StartsWith(ClusterSettings.Prefix, StringComparison.Ordinal)
                    && setting.Value.Scalar() is { } value)
                {
                    settings[setting.Name] = Safe(value, MaxVersion);
                }
            }
        }

        return settings.ToImmutable();
    }

    private string Safe(string? text, int maxLength) => SafeText.Clean(text is null ? null : redact(text), maxLength);
}
