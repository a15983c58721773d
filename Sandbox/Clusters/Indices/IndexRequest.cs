using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One request about indices, its path taken apart.</summary>
internal sealed record IndexRequest
{
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    public required IQueryCollection Query { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required Conditions Now { get; init; }

    /// <summary>What stands in the path for the index: a name, a list or a pattern; everything when there is nothing.</summary>
    public string Target => Values.GetValueOrDefault("index", "_all");

    public string? FilterPath => Query["filter_path"];

    public bool Flag(string name) =>
        Query.TryGetValue(name, out var value) && (string?)value is "" or "true";

    /// <summary>The body as an object; null when there is none.</summary>
    /// <exception cref="EngineException">It is no JSON object.</exception>
    public JsonObject? Json()
    {
        if (Body.IsEmpty)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Body.Span) as JsonObject
                ?? throw new EngineException(new EngineError(400, "parse_exception", "request body must be an object"));
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw IndexErrors.Json(broken.Message).Thrown();
        }
    }

    /// <summary>The body, which must be there.</summary>
    /// <exception cref="EngineException">It is not, or no JSON object.</exception>
    public JsonObject RequiredJson() =>
        Json() ?? throw new EngineException(new EngineError(400, "parse_exception", "request body is required"));

    /// <summary>An answer as this request wants it.</summary>
    public ClusterAnswer Reply(JsonNode body, int status = StatusCodes.Status200OK) =>
        ClusterAnswer.Json(Clusters.FilterPath.Keep(body, FilterPath), status, Flag("pretty"));

    /// <summary>An answer that is made of bytes as they came; parsed only when the request filters.</summary>
    public ClusterAnswer ReplyRaw(string json, int status = StatusCodes.Status200OK) =>
        FilterPath is null ? new ClusterAnswer(status, json) : Reply(JsonNode.Parse(json)!, status);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static JsonObject Acknowledged() => new() { ["acknowledged"] = true };
}
