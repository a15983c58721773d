using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>Reading documents other people wrote: a member of the wrong type counts as absent.</summary>
internal static class JsonReading
{
    public static JsonObject? Member(this JsonObject source, string name) => source[name] as JsonObject;

    public static JsonArray? Items(this JsonObject source, string name) => source[name] as JsonArray;

    public static string? Text(this JsonObject source, string name) => source[name].AsText();

    public static long? Integer(this JsonObject source, string name) => source[name] switch
    {
        JsonValue value when value.TryGetValue<long>(out var number) => number,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => null,
    };

    public static bool Flag(this JsonObject source, string name) => source[name]?.GetValueKind() is JsonValueKind.True;

    public static string? AsText(this JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    public static IEnumerable<string> Texts(this JsonObject source, string name) =>
        source.Items(name)?.Select(AsText).OfType<string>() ?? [];

    /// <summary>The member as an object, created when absent or of another type.</summary>
    public static JsonObject Ensure(this JsonObject source, string name)
    {
        if (source[name] is JsonObject present)
        {
            return present;
        }

        var created = new JsonObject();
        source[name] = created;
        return created;
    }

    public static JsonObject Clone(this JsonObject source) => (JsonObject)source.DeepClone();
}
