using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>Fills in declared defaults, in place. A null where null is not allowed counts as absent.</summary>
internal static class Defaulting
{
    public static void Apply(JsonNode? node, Schema schema)
    {
        if (node is JsonArray items && schema.Items is { } itemSchema)
        {
            foreach (var item in items)
            {
                Apply(item, itemSchema);
            }
        }
        else if (node is JsonObject members)
        {
            ApplyToMembers(members, schema);
        }
    }

    private static void ApplyToMembers(JsonObject members, Schema schema)
    {
        foreach (var name in members.Where(m => m.Value is null).Select(m => m.Key).ToArray())
        {
            if (schema.Child(name) is { Nullable: false } child && (child.Type is not null || child.IsIntOrString))
            {
                members.Remove(name);
            }
        }

        foreach (var (name, child) in schema.Properties)
        {
            if (child.Default is { } value && !members.ContainsKey(name))
            {
                members[name] = value.DeepClone();
            }
        }

        foreach (var (name, value) in members)
        {
            if (schema.Child(name) is { } child)
            {
                Apply(value, child);
            }
        }
    }
}
