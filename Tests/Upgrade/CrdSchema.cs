using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>
/// Compares two versions of a CRD: whatever the older one accepted, the newer one accepts and keeps. Otherwise resources that are
/// there could no longer be edited, or would lose a field with the first write.
/// </summary>
internal static class CrdSchema
{
    /// <summary>Limits that may only be raised, and those that may only be lowered.</summary>
    private static readonly string[] Ceilings = ["maximum", "maxLength", "maxItems", "maxProperties"];

    private static readonly string[] Floors = ["minimum", "minLength", "minItems", "minProperties"];

    /// <summary>What must be the very same, or gone in the newer one.</summary>
    private static readonly string[] Restrictions =
        ["pattern", "format", "uniqueItems", "multipleOf", "exclusiveMinimum", "exclusiveMaximum", "oneOf", "allOf", "anyOf", "not"];

    /// <summary>What must be the very same.</summary>
    private static readonly string[] Fixed =
        ["type", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-list-type",
         "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "default"];

    /// <summary>What the newer one takes away, one sentence each; empty when it only adds.</summary>
    public static IEnumerable<string> Breaks(JsonObject older, JsonObject newer)
    {
        foreach (var name in (string[])["group", "scope", "names"])
        {
            if (!Same(older["spec"]![name], newer["spec"]![name]))
            {
                yield return $"spec.{name} changed";
            }
        }

        foreach (var version in Versions(older))
        {
            var found = Versions(newer).FirstOrDefault(one => (string?)one["name"] == (string?)version["name"]);
            if (found is null || ((bool)version["served"]! && !(bool)found["served"]!))
            {
                yield return $"version {version["name"]} is no longer served";
                continue;
            }

            if ((version["subresources"]?["status"] is null) != (found["subresources"]?["status"] is null))
            {
                yield return $"version {version["name"]}: the status subresource came or went";
            }

            foreach (var broken in Breaks($"{version["name"]}", Schema(version), Schema(found)))
            {
                yield return broken;
            }
        }
    }

    /// <summary>Without what only people read.</summary>
    public static JsonObject Bare(JsonObject crd)
    {
        var bare = crd.DeepClone().AsObject();
        Strip(bare);
        return bare;
    }

    private static IEnumerable<string> Breaks(string path, JsonObject older, JsonObject newer)
    {
        foreach (var broken in Limits(path, older, newer).Concat(Sets(path, older, newer)))
        {
            yield return broken;
        }

        foreach (var (name, property) in older["properties"]?.AsObject() ?? [])
        {
            if (newer["properties"]?[name] is JsonObject still)
            {
                foreach (var broken in Breaks($"{path}.{name}", property!.AsObject(), still))
                {
                    yield return broken;
                }
            }
            else
            {
                yield return $"{path}.{name} is gone";
            }
        }

        foreach (var name in (string[])["items", "additionalProperties"])
        {
            if (older[name] is JsonObject of)
            {
                foreach (var broken in newer[name] is JsonObject still ? Breaks($"{path}[]", of, still) : [$"{path}: {name} is gone"])
                {
                    yield return broken;
                }
            }
        }
    }

    private static IEnumerable<string> Limits(string path, JsonObject older, JsonObject newer) =>
    [
        .. Fixed.Where(name => !Same(older[name], newer[name])).Select(name => $"{path}: {name} was {Text(older[name])} and is {Text(newer[name])}"),
        .. Restrictions.Where(name => newer[name] is not null && !Same(older[name], newer[name])).Select(name => $"{path}: {name} was {Text(older[name])} and is {Text(newer[name])}"),
        .. Ceilings.Where(name => Number(newer[name]) < (Number(older[name]) ?? double.PositiveInfinity)).Select(name => $"{path}: {name} was {Text(older[name])} and is {Text(newer[name])}"),
        .. Floors.Where(name => Number(newer[name]) > (Number(older[name]) ?? double.NegativeInfinity)).Select(name => $"{path}: {name} was {Text(older[name])} and is {Text(newer[name])}"),
        .. (bool?)older["nullable"] == true && (bool?)newer["nullable"] != true ? [$"{path}: null is no longer accepted"] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> Sets(string path, JsonObject older, JsonObject newer)
    {
        foreach (var name in Names(newer["required"]).Except(Names(older["required"])))
        {
            yield return $"{path}.{name} is required now";
        }

        foreach (var value in newer["enum"] is null ? [] : Texts(older["enum"]).Except(Texts(newer["enum"])))
        {
            yield return $"{path}: {value} is no longer accepted";
        }

        if (older["enum"] is null && newer["enum"] is not null)
        {
            yield return $"{path}: only some values are accepted now";
        }

        foreach (var rule in Rules(newer).Except(Rules(older)))
        {
            yield return $"{path}: a rule is new: {rule}";
        }
    }

    private static IEnumerable<JsonObject> Versions(JsonObject crd) => crd["spec"]!["versions"]!.AsArray().Select(version => version!.AsObject());

    private static JsonObject Schema(JsonObject version) => version["schema"]!["openAPIV3Schema"]!.AsObject();

    private static IEnumerable<string> Texts(JsonNode? list) => (list?.AsArray() ?? []).Select(one => one!.ToJsonString());

    private static IEnumerable<string> Names(JsonNode? list) => (list?.AsArray() ?? []).Select(one => (string)one!);

    private static IEnumerable<string> Rules(JsonObject schema) =>
        (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => (string)rule!["rule"]!);

    private static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    private static double? Number(JsonNode? value) => value is null ? null : double.Parse(value.ToJsonString().Trim('"'), CultureInfo.InvariantCulture);

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "not set";

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Strip(item);
            }
        }
        else if (node is JsonObject { } map)
        {
            // A property may be called description: then it is an object.
            if (map["description"]?.GetValueKind() is JsonValueKind.String)
            {
                map.Remove("description");
            }

            foreach (var (_, value) in map)
            {
                Strip(value);
            }
        }
    }
}
