using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>The mapping of an index.</summary>
internal sealed class IndexMapping
{
    private static readonly HashSet<string> Known =
    [
        "_data_stream_timestamp", "_field_names", "_meta", "_routing", "_size", "_source", "date_detection", "dynamic",
        "dynamic_date_formats", "dynamic_templates", "numeric_detection", "properties",
    ];

    private readonly Lock _lock = new();
    private readonly JsonObject _rest = [];

    /// <summary>The fields.</summary>
    public Field Root { get; } = new("object", []);

    /// <summary>Puts a mapping over this one. <c>_meta</c> is replaced as a whole, fields are added.</summary>
    /// <exception cref="EngineException">It does not fit, or is none.</exception>
    public void Merge(JsonNode? mapping, PretendEngine engine)
    {
        if (mapping is null)
        {
            return;
        }

        if (mapping is not JsonObject given)
        {
            throw IndexErrors.Mapping("Failed to parse mapping: it is not an object").Thrown();
        }

        var unknown = given.Where(part => !Known.Contains(part.Key) && !(part.Key == "runtime" && !engine.IsOpenSearch))
            .Select(part => $"[{part.Key} : {part.Value?.ToJsonString()}]").ToArray();
        if (unknown.Length > 0)
        {
            throw IndexErrors.Mapping($"Root mapping definition has unsupported parameters:  {string.Join(' ', unknown)}")
                .Thrown();
        }

        lock (_lock)
        {
            Root.Merge(given["properties"], engine);
            foreach (var (key, value) in given.Where(part => part.Key != "properties"))
            {
                _rest[key] = value?.DeepClone();
            }

            Root.Dynamic = (_rest["dynamic"] as JsonValue)?.ToString() ?? Root.Dynamic;
        }
    }

    public JsonObject ToJson()
    {
        lock (_lock)
        {
            var json = (JsonObject)_rest.DeepClone();
            if (json["dynamic"] is { } dynamic)
            {
                // The engines answer a text, whatever was given.
                json["dynamic"] = dynamic.ToString();
            }

            foreach (var (key, value) in Root.PropertiesToJson())
            {
                json[key] = value?.DeepClone();
            }

            return json;
        }
    }
}
