using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using YamlDotNet.Core;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Reads request bodies by their content type.</summary>
internal static class PatchBody
{
    private const string MergeType = "application/merge-patch+json";
    private const string JsonType = "application/json-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    public static bool IsApply(string contentType) => contentType == ApplyType;

    /// <summary>What the patch does to an object.</summary>
    /// <exception cref="StatusException">415 for a type the kind does not take, 400 for one that cannot be read.</exception>
    public static Func<JsonObject, JsonObject> Read(string contentType, byte[] body, ResourceDefinition definition)
    {
        switch (contentType)
        {
            case MergeType:
                var merge = Document(body);
                return live => MergePatch.Apply(live, merge);
            case StrategicType when !definition.IsCustom:
                var strategic = Document(body);
                return live => MergePatch.ApplyStrategic(live, strategic);
            case JsonType:
                var operations = Parse(body);
                return live => ApplyJsonPatch(live, operations);
            default:
                string[] strategicToo = definition.IsCustom ? [] : [StrategicType];
                throw new StatusException(ApiStatus.UnsupportedMediaType([JsonType, MergeType, .. strategicToo, ApplyType]));
        }
    }

    /// <summary>The one object of a JSON or YAML body.</summary>
    public static JsonObject Document(byte[] body)
    {
        try
        {
            return Parse(body) as JsonObject ?? throw Unreadable("the document is not an object");
        }
        catch (StatusException) when (Array.Find(body, b => b > ' ') is not (byte)'{')
        {
            return FromYaml(body);
        }
    }

    private static JsonObject FromYaml(byte[] body)
    {
        try
        {
            return Yaml.Documents(Encoding.UTF8.GetString(body)).ToList() is [var only]
                ? only
                : throw Unreadable("the body must be one document");
        }
        catch (YamlException unreadable)
        {
            throw Unreadable(unreadable.Message);
        }
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return CanonicalJson.Parse(body);
        }
        catch (JsonException unreadable)
        {
            throw Unreadable(unreadable.Message);
        }
    }

    private static JsonObject ApplyJsonPatch(JsonObject live, JsonNode? operations)
    {
        try
        {
            return JsonPatch.Apply(live, operations);
        }
        catch (FormatException refused) when (refused.Message.StartsWith("A JSON patch", StringComparison.Ordinal))
        {
            throw Unreadable(refused.Message);
        }
        catch (FormatException)
        {
            // A real server hides which operation failed.
            throw new StatusException(ApiStatus.Failure(
                422, "Invalid", "the server rejected our request due to an error in our request", []));
        }
    }

    private static StatusException Unreadable(string why) =>
        new(ApiStatus.BadRequest($"error decoding the request body: {why}"));
}
