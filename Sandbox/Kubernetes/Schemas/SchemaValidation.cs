using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>Checks a document against a schema and names every field that breaks it.</summary>
internal static class SchemaValidation
{
    public static List<FieldError> Check(JsonNode? document, Schema schema)
    {
        var errors = new List<FieldError>();
        Check(document, schema, "", errors);
        return errors;
    }

    private static void Check(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        if (node is null && schema.Nullable)
        {
            return;
        }

        if (!HasType(node, schema))
        {
            errors.Add(FieldError.WrongType(path, TypeOf(node), schema.IsIntOrString ? "integer,string" : schema.Type!));
            return;
        }

        switch (node)
        {
            case JsonObject members:
                CheckMembers(members, schema, path, errors);
                break;
            case JsonArray items:
                CheckItems(items, schema, path, errors);
                break;
            case JsonValue value:
                ValueValidation.Check(value, schema, path, errors);
                break;
        }

        CheckEnum(node, schema, path, errors);
        CheckAlternatives(node, schema, path, errors);
    }

    private static void CheckMembers(JsonObject members, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Source.Integer("maxProperties") is { } maximum && members.Count > maximum)
        {
            errors.Add(FieldError.TooMany(path, members.Count, maximum));
        }

        if (schema.Source.Integer("minProperties") is { } minimum && members.Count < minimum)
        {
            errors.Add(FieldError.Invalid(path, Invariant(members.Count),
                $"{path} in body should have at least {minimum} properties"));
        }

        foreach (var (name, value) in members)
        {
            if (schema.Child(name) is { } child)
            {
                Check(value, child, Join(path, name), errors);
            }
        }

        foreach (var name in schema.Required.Where(name => !members.ContainsKey(name)))
        {
            errors.Add(FieldError.Required(Join(path, name)));
        }
    }

    private static void CheckItems(JsonArray items, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Source.Integer("maxItems") is { } maximum && items.Count > maximum)
        {
            errors.Add(FieldError.TooMany(path, items.Count, maximum));
        }

        if (schema.Source.Integer("minItems") is { } minimum && items.Count < minimum)
        {
            errors.Add(FieldError.Invalid(path, Invariant(items.Count), $"{path} in body should have at least {minimum} items"));
        }

        for (var i = 0; i < items.Count && schema.Items is not null; i++)
        {
            Check(items[i], schema.Items, $"{path}[{i}]", errors);
        }

        CheckDuplicates(items, schema, path, errors);
    }

    private static void CheckDuplicates(JsonArray items, Schema schema, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count && schema.ListType is "set" or "map"; i++)
        {
            var identity = schema.ListType is "set" ? items[i] : KeysOf(items[i], schema);
            var text = CanonicalJson.Text(identity);
            if (!seen.Add(text))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", text));
            }
        }
    }

    private static JsonObject KeysOf(JsonNode? item, Schema schema) =>
        new(schema.ListMapKeys.Select(key => KeyValuePair.Create(key, (item as JsonObject)?[key]?.DeepClone())));

    private static void CheckEnum(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        if (!schema.Enum.IsEmpty && !schema.Enum.Any(allowed => JsonNode.DeepEquals(allowed, node)))
        {
            errors.Add(FieldError.NotSupported(path, CanonicalJson.Text(node), schema.Enum.Select(CanonicalJson.Text)));
        }
    }

    private static void CheckAlternatives(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        foreach (var all in schema.AllOf)
        {
            Check(node, all, path, errors);
        }

        if (!schema.AnyOf.IsEmpty && !schema.AnyOf.Any(any => Accepts(node, any)))
        {
            errors.Add(FieldError.Invalid(path, Shown(node), $"{Quoted(path)} must validate at least one schema (anyOf)"));
        }

        var matches = schema.OneOf.Count(one => Accepts(node, one));
        if (!schema.OneOf.IsEmpty && matches != 1)
        {
            var found = matches == 0 ? "Found none valid" : $"Found {matches} valid alternatives";
            errors.Add(FieldError.Invalid(path, Shown(node), $"{Quoted(path)} must validate one and only one schema (oneOf). {found}"));
        }

        if (schema.Not is { } not && Accepts(node, not))
        {
            errors.Add(FieldError.Invalid(path, Shown(node), $"{Quoted(path)} must not validate the schema (not)"));
        }
    }

    private static bool Accepts(JsonNode? node, Schema schema) => Check(node, schema).Count == 0;

    private static bool HasType(JsonNode? node, Schema schema)
    {
        if (schema.IsIntOrString)
        {
            return TypeOf(node) is "integer" or "string";
        }

        return schema.Type is null || TypeOf(node) == schema.Type || (schema.Type == "number" && TypeOf(node) == "integer");
    }

    private static string TypeOf(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => ValueValidation.IsInteger(node) ? "integer" : "number",
        _ => "null",
    };

    private static string Shown(JsonNode? node) => node is JsonObject or JsonArray ? Quoted("") : CanonicalJson.Text(node);

    private static string Quoted(string text) => $"\"{text}\"";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
