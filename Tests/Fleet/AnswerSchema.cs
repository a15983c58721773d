using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterGrains.Tests.Fleet;

/// <summary>As much of JSON Schema as the OpenAPI document uses; anything else in it is an error.</summary>
internal sealed class AnswerSchema(JsonObject document)
{
    private static readonly string[] Words =
        ["$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "format", "description", "minimum", "maximum", "default"];

    /// <summary>How an answer differs from what the document says.</summary>
    public IEnumerable<string> Problems(JsonNode? value, JsonNode? schema, string at = "$")
    {
        var rules = Resolve(schema!.AsObject());
        if (rules.Select(rule => rule.Key).Except(Words).FirstOrDefault() is { } unknown)
        {
            return [$"{at}: the document uses {unknown}"];
        }

        return (rules["type"] is null || Types(rules["type"]!).Any(type => type == TypeOf(value) || (type, TypeOf(value)) is ("number", "integer")) ? [] : (string[])[$"{at} is {TypeOf(value)}"])
            .Concat(rules["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)) ? [$"{at} is {value}"] : [])
            .Concat(rules["pattern"] is { } form && value is not null && !Regex.IsMatch((string)value!, (string)form!) ? [$"{at} is {value}"] : [])
            .Concat((string?)rules["format"] == "date-time" && value is not null && !value.AsValue().TryGetValue<DateTimeOffset>(out _) ? [$"{at} is {value}"] : [])
            .Concat(value is JsonObject members ? Members(members, rules, at) : [])
            .Concat(value is JsonArray items ? items.SelectMany((item, i) => Problems(item, rules["items"], $"{at}[{i}]")) : []);
    }

    private IEnumerable<string> Members(JsonObject members, JsonObject rules, string at)
    {
        foreach (var missing in (rules["required"]?.AsArray() ?? []).Where(name => !members.ContainsKey((string)name!)))
        {
            yield return $"{at} has no {missing}";
        }

        foreach (var (name, value) in members)
        {
            var rule = rules["properties"]?[name] ?? rules["additionalProperties"];
            var problems = rule switch
            {
                JsonObject => Problems(value, rule, $"{at}.{name}"),
                JsonValue free when free.GetValueKind() is JsonValueKind.True => [],
                _ => [$"{at}.{name} is not in the document"],
            };
            foreach (var problem in problems)
            {
                yield return problem;
            }
        }
    }

    private JsonObject Resolve(JsonObject schema) => schema["$ref"] is { } reference
        ? ((string)reference!).Split('/').Skip(1).Aggregate((JsonNode)document, (node, name) => node[name]!).AsObject()
        : schema;

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray several ? several.Select(one => (string)one!) : [(string)type!];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Number => value.AsValue().TryGetValue<long>(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString()!.ToLowerInvariant(),
    };
}
