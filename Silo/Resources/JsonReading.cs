using System.Text.Json;

namespace ClusterGrains.Resources;

/// <summary>Reading JSON that may be anything: what is missing or of another type reads as nothing.</summary>
internal static class JsonReading
{
    public static JsonElement Child(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } child ? child.GetString() : null;

    public static long? Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } child && child.TryGetInt64(out var number) ? number : null;
}
