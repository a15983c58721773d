using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>The fields an applied configuration speaks of.</summary>
internal static class FieldsOf
{
    public static FieldSet Configuration(JsonObject configuration, Schema schema)
    {
        var fields = new FieldSet();
        AddMembers(configuration, schema, [], fields);
        return fields;
    }

    private static void Add(JsonNode? node, Schema schema, string[] path, FieldSet fields)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members when !schema.IsAtomicMap:
                AddMembers(members, schema, path, fields);
                break;
            case JsonArray items when FieldPath.IsGranular(schema):
                AddItems(items, schema, path, fields);
                break;
            default:
                fields.Add(path);
                break;
        }
    }

    private static void AddMembers(JsonObject members, Schema schema, string[] path, FieldSet fields)
    {
        foreach (var (name, value) in members)
        {
            string[] below = [.. path, FieldPath.Field(name)];
            Add(value, schema.Child(name) ?? Schema.Any, below, fields);
            if (!schema.Properties.ContainsKey(name))
            {
                // Entries of a free map exist by being named, members of a struct by what is in them.
                fields.Add(below);
            }
        }
    }

    private static void AddItems(JsonArray items, Schema schema, string[] path, FieldSet fields)
    {
        foreach (var item in items)
        {
            string[] below = [.. path, FieldPath.Item(item, schema)];
            Add(item, schema.Items ?? Schema.Any, below, fields);
            fields.Add(below);
        }
    }
}
