using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One field of a mapping, or the root of all. Fields are added while documents arrive.</summary>
/// <param name="type">For example <c>long</c>; <c>object</c> for the root and everything that has properties.</param>
/// <param name="definition">The other parameters, as they were given.</param>
internal sealed class Field(string type, JsonObject definition)
{
    private const int MostFields = 1000;

    private static readonly HashSet<string> Types =
    [
        "alias", "binary", "boolean", "byte", "completion", "constant_keyword", "date", "date_nanos", "date_range",
        "double", "double_range", "float", "float_range", "geo_point", "geo_shape", "half_float", "integer",
        "integer_range", "ip", "ip_range", "join", "keyword", "long", "long_range", "match_only_text", "nested",
        "object", "percolator", "rank_feature", "rank_features", "scaled_float", "search_as_you_type", "short",
        "text", "token_count", "unsigned_long", "version", "wildcard",
    ];

    private static readonly HashSet<string> OnlyOpenSearch = ["flat_object", "knn_vector", "semantic"];

    private static readonly HashSet<string> OnlyElasticsearch =
        ["aggregate_metric_double", "dense_vector", "flattened", "histogram", "semantic_text", "shape", "sparse_vector"];

    public string Type => type;

    public bool IsObject => type is "object" or "nested";

    /// <summary><c>strict</c>, <c>true</c>, <c>false</c>; null for what the parent says.</summary>
    public string? Dynamic { get; set; } = (definition["dynamic"] as JsonValue)?.ToString();

    public string? Format { get; } = (definition["format"] as JsonValue)?.ToString();

    public bool IgnoresMalformed { get; } = (definition["ignore_malformed"] as JsonValue)?.ToString() == "true";

    public bool IgnoresLongTexts { get; } = definition["ignore_above"] is not null;

    public ConcurrentDictionary<string, Field> Properties { get; } = new(StringComparer.Ordinal);

    /// <exception cref="EngineException">There is no such type in that engine.</exception>
    public static Field Parse(string name, JsonNode? node, PretendEngine engine)
    {
        if (node is not JsonObject given)
        {
            throw IndexErrors.Mapping($"Expected map for property [fields] on field [{name}] but got a class "
                + "java.lang.String").Thrown();
        }

        var properties = given["properties"];
        var type = (given["type"] as JsonValue)?.ToString() ?? (properties is null && given.Count > 0 ? "" : "object");
        if (!Types.Contains(type) && !(engine.IsOpenSearch ? OnlyOpenSearch : OnlyElasticsearch).Contains(type))
        {
            throw NoSuchType(name, type, engine).Thrown();
        }

        var definition = (JsonObject)given.DeepClone();
        definition.Remove("properties");
        definition.Remove("type");
        var field = new Field(type, definition);
        field.Merge(properties, engine);
        return field;
    }

    /// <summary>A field as the first document that has it suggests; null when it suggests nothing.</summary>
    public static Field Guess(string type) => new(
        type,
        type == "text"
            ? new JsonObject { ["fields"] = new JsonObject { ["keyword"] = new JsonObject { ["type"] = "keyword", ["ignore_above"] = 256 } } }
            : []);

    /// <summary>Adds properties; those that are there already must have the same type.</summary>
    /// <exception cref="EngineException">They have not.</exception>
    public void Merge(JsonNode? properties, PretendEngine engine, string path = "")
    {
        foreach (var (name, node) in properties as JsonObject ?? [])
        {
            var full = path.Length == 0 ? name : $"{path}.{name}";
            var field = Parse(full, node, engine);
            if (!Properties.TryGetValue(name, out var known))
            {
                Properties[name] = field;
            }
            else if (known.Type != field.Type)
            {
                throw IndexErrors.IllegalArgument(
                    $"mapper [{full}] cannot be changed from type [{known.Type}] to type [{field.Type}]").Thrown();
            }
            else
            {
                known.Dynamic = field.Dynamic ?? known.Dynamic;
                known.Merge((node as JsonObject)?["properties"], engine, full);
            }
        }

        if (path.Length == 0 && Size() > MostFields)
        {
            throw IndexErrors.IllegalArgument($"Limit of total fields [{MostFields}] has been exceeded").Thrown();
        }
    }

    /// <summary>This field and all below it.</summary>
    public int Size() => 1 + Properties.Values.Sum(field => field.Size());

    /// <summary>A field by its path with dots; null when there is none.</summary>
    public Field? Find(string path)
    {
        if (Properties.TryGetValue(path, out var exact))
        {
            return exact;
        }

        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Properties.TryGetValue(path[..dot], out var child) ? child.Find(path[(dot + 1)..]) : null;
    }

    public JsonObject ToJson()
    {
        var json = PropertiesToJson();
        if (type != "object" || Properties.IsEmpty)
        {
            json["type"] = type;
        }

        foreach (var (key, value) in definition)
        {
            json[key] = value?.DeepClone();
        }

        return json;
    }

    /// <summary>Without what stands beside the properties; empty when there are none.</summary>
    public JsonObject PropertiesToJson() => Properties.IsEmpty
        ? []
        : new JsonObject
        {
            ["properties"] = new JsonObject(
                from field in Properties
                orderby field.Key
                select KeyValuePair.Create<string, JsonNode?>(field.Key, field.Value.ToJson())),
        };

    private static EngineError NoSuchType(string name, string type, PretendEngine engine)
    {
        if (type.Length == 0)
        {
            return IndexErrors.Mapping($"No type specified for field [{name}]");
        }

        return IndexErrors.Mapping(engine.LocatesErrors
            ? $"The mapper type [{type}] declared on field [{name}] does not exist. It might have been created within a "
                + "future version or requires a plugin to be installed. Check the documentation."
            : $"No handler for type [{type}] declared on field [{name}]");
    }
}
