using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>Settings are kept flat; without <c>flat_settings=true</c> the engines answer with nested objects.</summary>
internal static class FlatSettings
{
    public static JsonObject Nest(JsonObject groups) => new(
        groups.Select(group => KeyValuePair.Create<string, JsonNode?>(group.Key, NestGroup((JsonObject)group.Value!))));

    private static JsonObject NestGroup(JsonObject flat)
    {
        var root = new JsonObject();
        foreach (var (key, value) in flat.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            Place(root, key, value?.DeepClone());
        }

        return root;
    }

    /// <summary>Below a name that has a value itself the rest stays dotted, as in <c>"low.max_headroom"</c>.</summary>
    private static void Place(JsonObject parent, string key, JsonNode? value)
    {
        while (key.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
        {
            var child = parent[key[..dot]];
            if (child is null)
            {
                parent[key[..dot]] = child = new JsonObject();
            }

            if (child is not JsonObject map)
            {
                break;
            }

            (parent, key) = (map, key[(dot + 1)..]);
        }

        parent[key] = value;
    }
}
