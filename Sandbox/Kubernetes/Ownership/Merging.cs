using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>Puts a configuration over an object, and takes fields out of one, by the list and map types of the schema.</summary>
internal static class Merging
{
    public static JsonObject Merge(JsonObject live, JsonObject config, Schema schema) =>
        (JsonObject)MergeNode(live, config, schema)!;

    public static void Remove(JsonNode? node, FieldSet gone, Schema schema)
    {
        foreach (var (element, below) in gone.Children)
        {
            if (element[0] == 'f' && node is JsonObject members)
            {
                if (below.IsMember)
                {
                    members.Remove(element[2..]);
                }
                else
                {
                    Remove(members[element[2..]], below, FieldPath.Below(schema, element));
                }
            }
            else if (node is JsonArray items && FieldPath.IsGranular(schema))
            {
                RemoveItem(items, element, below, schema);
            }
        }
    }

    private static void RemoveItem(JsonArray items, string element, FieldSet below, Schema schema)
    {
        if (items.FirstOrDefault(i => FieldPath.Item(i, schema) == element) is not { } item)
        {
            return;
        }

        if (below.IsMember)
        {
            items.Remove(item);
        }
        else
        {
            Remove(item, below, FieldPath.Below(schema, element));
        }
    }

    private static JsonNode? MergeNode(JsonNode? live, JsonNode? config, Schema schema) => (live, config) switch
    {
        (JsonObject before, JsonObject over) when !schema.IsAtomicMap => MergeMembers(before, over, schema),
        (JsonArray before, JsonArray over) when FieldPath.IsGranular(schema) => MergeItems(before, over, schema),
        _ => config?.DeepClone(),
    };

    private static JsonObject MergeMembers(JsonObject before, JsonObject over, Schema schema)
    {
        var merged = before.Clone();
        foreach (var (name, value) in over)
        {
            merged[name] = MergeNode(before[name], value, schema.Child(name) ?? Schema.Any);
        }

        return merged;
    }

    private static JsonArray MergeItems(JsonArray before, JsonArray over, Schema schema)
    {
        var merged = (JsonArray)before.DeepClone();
        foreach (var item in over)
        {
            var element = FieldPath.Item(item, schema);
            var at = merged.Select(i => FieldPath.Item(i, schema)).ToList().IndexOf(element);
            if (at < 0)
            {
                merged.Add(item?.DeepClone());
            }
            else
            {
                merged[at] = MergeNode(merged[at], item, schema.Items ?? Schema.Any);
            }
        }

        return merged;
    }
}
