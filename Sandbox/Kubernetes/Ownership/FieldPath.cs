using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>Path elements: how to name them, find them and show them.</summary>
internal static class FieldPath
{
    public static string Field(string name) => "f:" + name;

    /// <summary>The element that names one item of a list that is a set or a map.</summary>
    public static string Item(JsonNode? item, Schema list) => list.ListType is "map"
        ? "k:" + CanonicalJson.Text(new JsonObject(
            list.ListMapKeys.Select(key => KeyValuePair.Create(key, (item as JsonObject)?[key]?.DeepClone()))))
        : "v:" + CanonicalJson.Text(item);

    public static bool IsGranular(Schema schema) => schema.ListType is "set" or "map";

    /// <summary>The schema one element down.</summary>
    public static Schema Below(Schema schema, string element) => element[0] == 'f'
        ? schema.Child(element[2..]) ?? Schema.Any
        : schema.Items ?? Schema.Any;

    /// <summary>As in conflict messages: <c>.spec.interval</c>, <c>.status.conditions[type="Ready"]</c>.</summary>
    public static string Show(IEnumerable<string> path)
    {
        var text = new StringBuilder();
        foreach (var element in path)
        {
            text.Append(element[0] switch
            {
                'f' => "." + element[2..],
                'v' => $"[={element[2..]}]",
                _ => $"[{string.Join(",", Keys(element).Select(k => $"{k.Key}={CanonicalJson.Text(k.Value)}"))}]",
            });
        }

        return text.ToString();
    }

    private static JsonObject Keys(string element) => CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(element[2..]));
}
