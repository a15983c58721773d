using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Datasets;

/// <summary>Request bodies for an index: what the ConfigMap says, overlaid by the spec, overlaid by what an update needs.</summary>
internal static class IndexBody
{
    /// <param name="texts">Of the ConfigMap; null when the spec names none.</param>
    /// <exception cref="JsonException">A text of the ConfigMap is no JSON object.</exception>
    public static byte[] ForLoading(IndexSpec spec, IReadOnlyDictionary<string, string>? texts, IndexMark mark)
    {
        var settings = Settings(spec, texts);
        settings["number_of_shards"] = spec.Shards;
        settings["number_of_replicas"] = 0;
        settings["auto_expand_replicas"] = false;
        settings["refresh_interval"] = "-1";
        (settings["translog"] as JsonObject)?.Remove("durability");
        // A template that says async would lose acknowledged documents with a node, and a checkpoint is past them.
        settings["translog.durability"] = "request";
        var mappings = Overlay(Text(texts, "mappings"), Spec(spec.Mappings, "mappings"));
        var meta = mappings["_meta"] as JsonObject ?? [];
        meta[IndexMark.Key] = Node(mark);
        mappings["_meta"] = meta.DeepClone();
        return Bytes(new JsonObject { ["settings"] = new JsonObject { ["index"] = settings }, ["mappings"] = mappings });
    }

    /// <summary>The settings that readers are served with.</summary>
    /// <exception cref="JsonException">A text of the ConfigMap is no JSON object.</exception>
    public static byte[] ForServing(IndexSpec spec, IReadOnlyDictionary<string, string>? texts)
    {
        var settings = Settings(spec, texts);
        return Bytes(new JsonObject
        {
            ["index"] = new JsonObject
            {
                ["number_of_replicas"] = spec.Replicas,
                ["auto_expand_replicas"] = settings["auto_expand_replicas"]?.DeepClone() ?? false,
                ["refresh_interval"] = settings["refresh_interval"]?.DeepClone(),
            },
        });
    }

    private static JsonObject Settings(IndexSpec spec, IReadOnlyDictionary<string, string>? texts) =>
        Overlay(Flat(Text(texts, "settings")), Flat(Spec(spec.Settings, "settings")));

    /// <summary>One spelling of three: <c>index: {a}</c>, <c>index.a</c> and <c>a</c> all become <c>a</c>.</summary>
    private static JsonObject Flat(JsonObject settings)
    {
        var flat = new JsonObject();
        foreach (var (name, value) in settings)
        {
            if (name == "index" && value is JsonObject inner)
            {
                flat = Overlay(flat, Flat(inner));
            }
            else
            {
                flat[name.StartsWith("index.", StringComparison.Ordinal) ? name["index.".Length..] : name] = value?.DeepClone();
            }
        }

        return flat;
    }

    private static JsonObject Text(IReadOnlyDictionary<string, string>? texts, string what) =>
        texts?.GetValueOrDefault($"{what}.json") is { } text ? Unwrapped(JsonNode.Parse(text), what) : [];

    private static JsonObject Spec(JsonElement? element, string what) =>
        element is { ValueKind: JsonValueKind.Object } given ? Unwrapped(JsonObject.Create(given.Clone()), what) : [];

    // People paste what they send to the engine, name and all.
    private static JsonObject Unwrapped(JsonNode? node, string what) => node switch
    {
        JsonObject { Count: 1 } outer when outer[what] is JsonObject inner => (JsonObject)inner.DeepClone(),
        JsonObject whole => whole,
        _ => throw new JsonException($"{what}.json is not a JSON object."),
    };

    private static JsonObject Overlay(JsonObject under, JsonObject over)
    {
        var both = (JsonObject)under.DeepClone();
        foreach (var (name, value) in over)
        {
            both[name] = both[name] is JsonObject below && value is JsonObject above ? Overlay(below, above) : value?.DeepClone();
        }

        return both;
    }

    private static JsonNode? Node(IndexMark mark)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            mark.Write(json);
        }

        return JsonNode.Parse(bytes.ToArray());
    }

    private static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body);
}
