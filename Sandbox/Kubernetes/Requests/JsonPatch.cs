using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>RFC 6902. A failed <c>test</c>, or a path that is not there, refuses the whole patch.</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    /// <exception cref="FormatException">An operation failed or cannot be read.</exception>
    public static JsonObject Apply(JsonObject document, JsonNode? patch)
    {
        if (patch is not JsonArray { Count: <= MaxOperations } operations)
        {
            throw new FormatException($"A JSON patch is an array of at most {MaxOperations} operations.");
        }

        JsonNode? root = document.Clone();
        foreach (var operation in operations)
        {
            root = Apply(root, operation as JsonObject ?? throw new FormatException("An operation must be an object."));
        }

        return root as JsonObject ?? throw new FormatException("The patched document is not an object.");
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "replace":
                Require(root, path);
                return Add(Remove(root, path), path, Value(operation));
            case "remove":
                Require(root, path);
                return Remove(root, path);
            case "move":
                var from = Pointer(operation, "from");
                var moved = Require(root, from)?.DeepClone();
                return Add(Remove(root, from), path, moved);
            case "copy":
                return Add(root, path, Require(root, Pointer(operation, "from"))?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(Require(root, path), operation["value"])
                    ? root
                    : throw new FormatException($"testing value {operation.Text("path")} failed");
            default:
                throw new FormatException($"Unexpected kind: {operation.Text("op")}");
        }
    }

    private static JsonNode? Value(JsonObject operation) => operation.ContainsKey("value")
        ? operation["value"]?.DeepClone()
        : throw new FormatException("The operation has no value.");

    private static string[] Pointer(JsonObject operation, string member) => operation.Text(member) switch
    {
        "" => [],
        ['/', .. var rest] => [.. rest.Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
        _ => throw new FormatException($"The operation's {member} is not a JSON pointer."),
    };

    private static JsonNode? Require(JsonNode? root, ReadOnlySpan<string> path)
    {
        var node = root;
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject members when members.ContainsKey(part) => members[part],
                JsonArray items when Index(part, items.Count - 1) is { } index => items[index],
                _ => throw new FormatException($"The path /{string.Join('/', path!)} does not exist."),
            };
        }

        return node;
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        switch (Require(root, path.AsSpan(..^1)))
        {
            case JsonObject members:
                members[path[^1]] = value;
                return root;
            case JsonArray items when path[^1] == "-" || Index(path[^1], items.Count) is not null:
                items.Insert(Index(path[^1], items.Count) ?? items.Count, value);
                return root;
            default:
                throw new FormatException($"Nothing can be added at /{string.Join('/', path)}.");
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        switch (Require(root, path.AsSpan(..^1)))
        {
            case JsonObject members:
                members.Remove(path[^1]);
                break;
            case JsonArray items when Index(path[^1], items.Count - 1) is { } index:
                items.RemoveAt(index);
                break;
        }

        return root;
    }

    private static int? Index(string part, int last) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last ? index : null;
}
