using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>
/// Fills a golden answer. A text that is one placeholder, <c>"${docs}"</c>, becomes the value with the value's own JSON
/// type; a placeholder inside a text or a property name is replaced as text. So the files stay valid JSON.
/// </summary>
internal static partial class GoldenAnswer
{
    public static JsonObject Fill(string golden, IReadOnlyDictionary<string, object> values) =>
        (JsonObject)Fill(JsonNode.Parse(golden), values)!;

    private static JsonNode? Fill(JsonNode? node, IReadOnlyDictionary<string, object> values) => node switch
    {
        JsonObject map => new JsonObject(
            map.Select(property => KeyValuePair.Create(FillText(property.Key, values), Fill(property.Value, values)))),
        JsonArray list => new JsonArray([.. list.Select(item => Fill(item, values))]),
        JsonValue text when text.TryGetValue<string>(out var content) => FillValue(content, values),
        _ => node?.DeepClone(),
    };

    private static JsonNode FillValue(string content, IReadOnlyDictionary<string, object> values)
    {
        var match = Placeholder().Match(content);
        return match.Success && match.Length == content.Length
            ? Value(values[match.Groups[1].Value])
            : JsonValue.Create(FillText(content, values));
    }

    private static JsonNode Value(object value) => value switch
    {
        string text => JsonValue.Create(text),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        // A whole double must not lose its fraction: the engines write 100.0.
        double number => JsonNode.Parse(
            number.ToString(double.IsInteger(number) ? "0.0" : "R", CultureInfo.InvariantCulture))!,
        _ => throw new ArgumentException($"A {value.GetType().Name} has no place in a golden answer.", nameof(value)),
    };

    private static string FillText(string content, IReadOnlyDictionary<string, object> values) => Placeholder().Replace(
        content,
        match => Convert.ToString(values[match.Groups[1].Value], CultureInfo.InvariantCulture)!);

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Placeholder();
}
