using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>
/// One node of a structural schema. <c>x-kubernetes-validations</c> (CEL) are kept for readers and not evaluated.
/// </summary>
internal sealed class Schema
{
    /// <summary>Where nothing is declared: everything is kept, nothing is checked.</summary>
    public static readonly Schema Any = new(new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true });

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    public Schema(JsonObject source)
    {
        Source = source;
        Type = source.Text("type");
        Properties = Children(source.Member("properties"));
        Additional = source["additionalProperties"] switch
        {
            JsonObject schema => new Schema(schema),
            { } flag when flag.GetValueKind() is JsonValueKind.True => Any,
            _ => null,
        };
        Items = source.Member("items") is { } items ? new Schema(items) : null;
        Required = [.. source.Texts("required")];
        Enum = source.Items("enum") is { } values ? [.. values] : [];
        AllOf = Alternatives("allOf");
        AnyOf = Alternatives("anyOf");
        OneOf = Alternatives("oneOf");
        Not = source.Member("not") is { } not ? new Schema(not) : null;
        ListMapKeys = [.. source.Texts("x-kubernetes-list-map-keys")];
        Pattern = source.Text("pattern") is { } pattern
            ? new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout)
            : null;
    }

    /// <summary>The schema as declared, for OpenAPI and <c>kubectl explain</c>.</summary>
    public JsonObject Source { get; }

    public string? Type { get; }

    public IReadOnlyDictionary<string, Schema> Properties { get; }

    public Schema? Additional { get; }

    public Schema? Items { get; }

    public ImmutableArray<string> Required { get; }

    public ImmutableArray<JsonNode?> Enum { get; }

    public ImmutableArray<Schema> AllOf { get; }

    public ImmutableArray<Schema> AnyOf { get; }

    public ImmutableArray<Schema> OneOf { get; }

    public Schema? Not { get; }

    public Regex? Pattern { get; }

    public ImmutableArray<string> ListMapKeys { get; }

    public JsonNode? Default => Source["default"];

    public bool Nullable => Source.Flag("nullable");

    public bool PreservesUnknown => Source.Flag("x-kubernetes-preserve-unknown-fields");

    public bool IsIntOrString => Source.Flag("x-kubernetes-int-or-string");

    /// <summary>atomic, set or map; null counts as atomic.</summary>
    public string? ListType => Source.Text("x-kubernetes-list-type");

    public bool IsAtomicMap => Source.Text("x-kubernetes-map-type") is "atomic";

    /// <summary>The schema of a member, null when the member is not declared.</summary>
    public Schema? Child(string name) => Properties.GetValueOrDefault(name) ?? Additional;

    private static OrderedDictionary<string, Schema> Children(JsonObject? properties)
    {
        var children = new OrderedDictionary<string, Schema>(StringComparer.Ordinal);
        foreach (var (name, schema) in properties ?? [])
        {
            children[name] = new Schema(schema as JsonObject ?? []);
        }

        return children;
    }

    private ImmutableArray<Schema> Alternatives(string name) =>
        Source.Items(name) is { } schemas ? [.. schemas.OfType<JsonObject>().Select(s => new Schema(s))] : [];
}
