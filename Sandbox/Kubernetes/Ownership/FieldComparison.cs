using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>What differs between two versions of an object, field by field; atomic lists and maps are one field.</summary>
internal sealed class FieldComparison
{
    private FieldComparison()
    {
    }

    public FieldSet Added { get; } = new();

    public FieldSet Modified { get; } = new();

    public FieldSet Removed { get; } = new();

    public bool IsSame => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    public static FieldComparison Between(JsonObject? before, JsonObject after, Schema schema)
    {
        var comparison = new FieldComparison();
        comparison.CompareMembers(before, after, schema, []);
        return comparison;
    }

    private void Compare(JsonNode? before, JsonNode? after, Schema schema, string[] path)
    {
        var differs = before is null ? Added : after is null ? Removed : null;
        differs?.Add(path);
        switch (before ?? after)
        {
            case JsonObject members when !schema.IsAtomicMap && members.Count + ((after as JsonObject)?.Count ?? 0) > 0
                && before is JsonObject or null && after is JsonObject or null:
                CompareMembers(before as JsonObject, after as JsonObject, schema, path);
                break;
            case JsonArray when FieldPath.IsGranular(schema) && before is JsonArray or null && after is JsonArray or null:
                CompareItems(before as JsonArray, after as JsonArray, schema, path);
                break;
            default:
                if (differs is null && !JsonNode.DeepEquals(before, after))
                {
                    Modified.Add(path);
                }

                break;
        }
    }

    private void CompareMembers(JsonObject? before, JsonObject? after, Schema schema, string[] path)
    {
        foreach (var name in Names(before).Union(Names(after)))
        {
            var child = schema.Child(name) ?? Schema.Any;
            Compare(before?[name], after?[name], child, [.. path, FieldPath.Field(name)]);
        }
    }

    private void CompareItems(JsonArray? before, JsonArray? after, Schema schema, string[] path)
    {
        var old = ByElement(before, schema);
        var now = ByElement(after, schema);
        foreach (var element in old.Keys.Union(now.Keys))
        {
            Compare(old.GetValueOrDefault(element), now.GetValueOrDefault(element), schema.Items ?? Schema.Any, [.. path, element]);
        }
    }

    private static IEnumerable<string> Names(JsonObject? members) => members?.Select(m => m.Key) ?? [];

    private static Dictionary<string, JsonNode?> ByElement(JsonArray? items, Schema schema)
    {
        var byElement = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in items ?? [])
        {
            byElement.TryAdd(FieldPath.Item(item, schema), item);
        }

        return byElement;
    }
}
