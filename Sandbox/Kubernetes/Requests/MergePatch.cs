using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>RFC 7386, also standing in for strategic merge where built-in kinds accept it.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject document, JsonObject patch) => (JsonObject)Merge(document, patch)!;

    /// <summary>
    /// The built-in kinds here have no lists that merge by key, so only the directives are left to take out.
    /// </summary>
    public static JsonObject ApplyStrategic(JsonObject document, JsonObject patch) =>
        Apply(document, WithoutDirectives(patch));

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject members ? members.Clone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    private static JsonObject WithoutDirectives(JsonObject patch)
    {
        var plain = new JsonObject();
        foreach (var (name, value) in patch.Where(member => !member.Key.StartsWith('$')))
        {
            plain[name] = value is JsonObject below ? WithoutDirectives(below) : value?.DeepClone();
        }

        return plain;
    }
}
