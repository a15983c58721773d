using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Tables;

/// <summary>One column of <c>kubectl get</c>. A priority above 0 is shown by <c>-o wide</c> only.</summary>
internal sealed class PrinterColumn(
    string name, string type, string format, string description, int priority, PrinterColumn.CellReader read)
{
    public static readonly PrinterColumn Age = ByPath("Age", "date", "", null, 0, ".metadata.creationTimestamp");

    public delegate JsonNode? CellReader(JsonElement document, DateTimeOffset now);

    public JsonNode? Cell(JsonElement document, DateTimeOffset now) => read(document, now);

    public JsonObject Definition() => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["format"] = format,
        ["description"] = description,
        ["priority"] = priority,
    };

    public static PrinterColumn ByPath(
        string name, string type, string format, string? description, int priority, string path)
    {
        var parsed = JsonPath.Parse(path);
        return new PrinterColumn(
            name,
            type,
            format,
            description ?? $"Custom resource definition column (in JSONPath format): {path}",
            priority,
            (document, now) => parsed.Find(document).Select(value => Shown(value, type, now)).FirstOrDefault());
    }

    /// <summary>An absent or unreadable time is <c>&lt;unknown&gt;</c>.</summary>
    public static string Since(JsonElement time, DateTimeOffset now) =>
        time.ValueKind is JsonValueKind.String && time.TryGetDateTimeOffset(out var then)
            ? HumanDuration.Format(now - then)
            : "<unknown>";

    private static JsonNode? Shown(JsonElement value, string type, DateTimeOffset now) => type switch
    {
        "string" => value.ValueKind is JsonValueKind.Null ? null : JsonValue.Create(value.ToString()),
        "date" when value.ValueKind is JsonValueKind.String =>
            JsonValue.Create(value.TryGetDateTimeOffset(out _) ? Since(value, now) : "<invalid>"),
        "integer" when value.ValueKind is JsonValueKind.Number => JsonValue.Create((long)value.GetDouble()),
        "number" when value.ValueKind is JsonValueKind.Number => JsonNode.Parse(value.GetRawText()),
        "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.GetBoolean()),
        _ => null,
    };
}
