using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterGrains.Sandbox.Kubernetes.Definitions;

/// <summary>Reads YAML (and so JSON) into JSON nodes, with the scalar types kubectl would send.</summary>
internal static class Yaml
{
    private const int MaxDepth = 64;

    /// <exception cref="YamlException">The text is not YAML, uses a mapping key that is not a scalar, or is too deep.</exception>
    public static IEnumerable<JsonObject> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(d => Convert(d.RootNode, MaxDepth)).OfType<JsonObject>();
    }

    private static JsonNode? Convert(YamlNode node, int depth) => node switch
    {
        _ when depth == 0 => throw new YamlException($"The document nests deeper than {MaxDepth} levels."),
        YamlScalarNode scalar => Scalar(scalar),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(item => Convert(item, depth - 1))]),
        YamlMappingNode mapping => new JsonObject(mapping.Select(
            member => KeyValuePair.Create(Key(member.Key), Convert(member.Value, depth - 1)))),
        _ => throw new YamlException($"{node.NodeType} is not supported."),
    };

    private static string Key(YamlNode node) =>
        (node as YamlScalarNode)?.Value ?? throw new YamlException("A mapping key must be a scalar.");

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) =>
                JsonValue.Create(integer),
            _ when IsNumber(text, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number) && char.IsAsciiDigit(text[^1]);
}
