using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>The settings of an index, flat and as text, as the engines keep them.</summary>
internal sealed partial record IndexSettings
{
    private const string Shards = "index.number_of_shards";
    private const string Replicas = "index.number_of_replicas";
    private const string Refresh = "index.refresh_interval";

    /// <summary>What comes after <c>index.</c>, whole or up to its first dot.</summary>
    private static readonly HashSet<string> Known =
    [
        "allocation", "analysis", "auto_expand_replicas", "blocks", "codec", "default_pipeline", "final_pipeline",
        "gc_deletes", "hidden", "highlight", "indexing", "load_fixed_bitset_filters_eagerly", "mapping", "merge",
        "number_of_replicas", "number_of_routing_shards", "number_of_shards", "priority", "query", "refresh_interval",
        "routing", "routing_partition_size", "search", "shard", "similarity", "soft_deletes", "sort", "store",
        "translog", "unassigned", "verified_before_close", "warmer", "write",
    ];

    private static readonly HashSet<string> OnlyOpenSearch = ["knn", "opendistro", "plugins", "replication"];

    private static readonly HashSet<string> OnlyElasticsearch = ["lifecycle", "look_ahead_time", "mode", "time_series"];

    private static readonly string[] Fixed =
        ["analysis", "codec", "number_of_routing_shards", "shard", "similarity", "sort", "store"];

    public static readonly IndexSettings None = new();

    public ImmutableSortedDictionary<string, string> Values { get; private init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public int NumberOfShards => Number(Shards, 1);

    public int NumberOfReplicas => Number(Replicas, 1);

    /// <summary>Whether searches see what is written without being asked to.</summary>
    public bool RefreshesItself => Values.GetValueOrDefault(Refresh) is not ("-1" or "-1ms" or "-1s");

    public bool Flag(string name) => Values.GetValueOrDefault(name) == "true";

    /// <summary>Puts settings over these. A null takes one away.</summary>
    /// <param name="changes">Nested or flat, with or without <c>index.</c> before the name.</param>
    /// <exception cref="EngineException">There is no such setting, or not with such a value.</exception>
    public IndexSettings With(JsonNode? changes, PretendEngine engine)
    {
        var values = Values.ToBuilder();
        foreach (var (name, value) in Flat(changes))
        {
            Check(name, value, engine);
            if (value is null)
            {
                values.Remove(name);
            }
            else
            {
                values[name] = value;
            }
        }

        return this with { Values = values.ToImmutable() };
    }

    public IndexSettings With(string name, string value) => this with { Values = Values.SetItem(name, value) };

    /// <summary>Flat, as the request means them.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Flat(JsonNode? changes)
    {
        var flat = new List<KeyValuePair<string, string?>>();
        Flatten(changes is JsonObject { Count: 1 } only && only["settings"] is JsonObject inner ? inner : changes, "", flat);
        return flat;
    }

    /// <summary>The first of them that an open index cannot change; null when it can change all.</summary>
    public static EngineError? RefuseChange(PretendIndex index, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        foreach (var (name, _) in changes)
        {
            if (name == Shards)
            {
                return IndexErrors.IllegalArgument($"final {index.Name} setting [{Shards}], not updateable");
            }

            if (Fixed.Contains(Family(name)))
            {
                return IndexErrors.IllegalArgument(
                    $"Can't update non dynamic settings [[{name}]] for open indices [[{index.Name}/{index.Uuid}]]");
            }
        }

        return null;
    }

    private static void Flatten(JsonNode? node, string prefix, List<KeyValuePair<string, string?>> flat)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                Flatten(value, prefix.Length == 0 ? key : $"{prefix}.{key}", flat);
            }
        }
        else if (prefix.Length > 0)
        {
            var name = prefix.StartsWith("index.", StringComparison.Ordinal) ? prefix : $"index.{prefix}";
            flat.Add(new(name, node is JsonValue text && text.TryGetValue<string>(out var plain)
                ? plain
                : node?.ToJsonString()));
        }
    }

    private static void Check(string name, string? value, PretendEngine engine)
    {
        var family = Family(name);
        if (!Known.Contains(family) && !(engine.IsOpenSearch ? OnlyOpenSearch : OnlyElasticsearch).Contains(family))
        {
            throw IndexErrors.UnknownSetting(name).Thrown();
        }

        var error = (name, value) switch
        {
            (_, null) => null,
            (Shards, _) => Whole(name, value, 1, 1024),
            (Replicas, _) => Whole(name, value, 0, int.MaxValue),
            (Refresh, _) when !Time().IsMatch(value) => IndexErrors.IllegalArgument(
                $"failed to parse setting [{name}] with value [{value}] as a time value: unit is missing or unrecognized"),
            _ => null,
        };
        if (error is not null)
        {
            throw error.Thrown();
        }
    }

    private static EngineError? Whole(string name, string value, int least, int most) =>
        !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? IndexErrors.IllegalArgument($"Failed to parse value [{value}] for setting [{name}]")
            : number < least
                ? IndexErrors.IllegalArgument($"Failed to parse value [{value}] for setting [{name}] must be >= {least}")
                : number > most
                    ? IndexErrors.IllegalArgument($"Failed to parse value [{value}] for setting [{name}] must be <= {most}")
                    : null;

    private static string Family(string name) => name.Split('.', 3)[1];

    private int Number(string name, int usual) =>
        Values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    [GeneratedRegex(@"^(-1|0|\d+(nanos|micros|ms|s|m|h|d))$")]
    private static partial Regex Time();
}
