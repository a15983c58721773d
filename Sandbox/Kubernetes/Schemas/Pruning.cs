using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>Removes members no schema declares.</summary>
internal static class Pruning
{
    /// <summary>Prunes in place and returns the paths of what went, such as <c>spec.endpoint</c>.</summary>
    public static List<string> Apply(JsonObject document, Schema schema)
    {
        var unknown = new List<string>();
        Prune(document, schema, "", unknown);
        return unknown;
    }

    private static void Prune(JsonNode? node, Schema schema, string path, List<string> unknown)
    {
        if (node is JsonArray items)
        {
            var itemSchema = schema.Items ?? Schema.Any;
            for (var i = 0; i < items.Count; i++)
            {
                Prune(items[i], itemSchema, $"{path}[{i}]", unknown);
            }
        }
        else if (node is JsonObject members)
        {
            PruneMembers(members, schema, path, unknown);
        }
    }

    private static void PruneMembers(JsonObject members, Schema schema, string path, List<string> unknown)
    {
        foreach (var name in members.Select(m => m.Key).ToArray())
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Child(name) is { } child)
            {
                Prune(members[name], child, childPath, unknown);
            }
            else if (!schema.PreservesUnknown)
            {
                members.Remove(name);
                unknown.Add(childPath);
            }
        }
    }
}
