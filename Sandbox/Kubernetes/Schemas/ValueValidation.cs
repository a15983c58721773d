using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>The rules for strings and numbers.</summary>
internal static class ValueValidation
{
    public static void Check(JsonValue value, Schema schema, string path, List<FieldError> errors)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                CheckText(value.GetValue<string>(), schema, path, errors);
                break;
            case JsonValueKind.Number:
                CheckNumber(value, schema, path, errors);
                break;
        }
    }

    public static bool IsInteger(JsonNode number) => Number(number) is { } value && decimal.Truncate(value) == value;

    private static void CheckText(string text, Schema schema, string path, List<FieldError> errors)
    {
        var shown = CanonicalJson.Text(JsonValue.Create(text));
        var length = text.EnumerateRunes().Count();
        if (schema.Source.Integer("maxLength") is { } maximum && length > maximum)
        {
            errors.Add(FieldError.TooLong(path, maximum));
        }

        if (schema.Source.Integer("minLength") is { } minimum && length < minimum)
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should be at least {minimum} chars long"));
        }

        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should match '{pattern}'"));
        }

        if (schema.Source.Text("format") is { } format && !Formats.Accepts(format, text))
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body must be of type {format}: {shown}"));
        }
    }

    private static void CheckNumber(JsonValue value, Schema schema, string path, List<FieldError> errors)
    {
        if (Number(value) is not { } number)
        {
            return;
        }

        void Refuse(string rule, string limit) =>
            errors.Add(FieldError.Invalid(path, value.ToJsonString(), $"{path} in body should be {rule} {limit}"));

        if (Number(schema.Source["maximum"]) is { } maximum)
        {
            var exclusive = schema.Source.Flag("exclusiveMaximum");
            if (exclusive ? number >= maximum : number > maximum)
            {
                Refuse(exclusive ? "less than" : "less than or equal to", Shown(maximum));
            }
        }

        if (Number(schema.Source["minimum"]) is { } minimum)
        {
            var exclusive = schema.Source.Flag("exclusiveMinimum");
            if (exclusive ? number <= minimum : number < minimum)
            {
                Refuse(exclusive ? "greater than" : "greater than or equal to", Shown(minimum));
            }
        }

        if (Number(schema.Source["multipleOf"]) is { } factor && factor != 0 && number % factor != 0)
        {
            Refuse("a multiple of", Shown(factor));
        }

        if (schema.Source.Text("format") is "int32" && number is < int.MinValue or > int.MaxValue)
        {
            errors.Add(FieldError.Invalid(path, value.ToJsonString(), $"{path} in body must be of type int32: \"{value}\""));
        }
    }

    private static decimal? Number(JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.Number
        && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Shown(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
