using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>A query: <c>match_all</c>, <c>ids</c>, <c>term</c> or <c>match</c> on one field.</summary>
internal sealed class SearchQuery
{
    private static readonly char[] Separators = [.. Enumerable.Range(0, 128).Select(code => (char)code).Where(c => !char.IsLetterOrDigit(c))];

    private readonly Func<StoredDocument, bool> _matches;

    private SearchQuery(Func<StoredDocument, bool> matches) => _matches = matches;

    /// <summary>Whether every document matches.</summary>
    public bool IsAll { get; private init; }

    /// <exception cref="EngineException">It is none, or one that pretend clusters do not know.</exception>
    public static SearchQuery Parse(JsonNode? node, PretendIndex index)
    {
        if (node is null)
        {
            return new SearchQuery(_ => true) { IsAll = true };
        }

        if (node is not JsonObject { Count: 1 } query || query.First() is not { Value: JsonObject body } only)
        {
            throw IndexErrors.Parsing("[_na] query malformed, no field after start_object").Thrown();
        }

        return only.Key switch
        {
            "match_all" => new SearchQuery(_ => true) { IsAll = true },
            "ids" => Ids(body),
            "term" => OnField(body, "term", "value", index, exact: true),
            "match" => OnField(body, "match", "query", index, exact: false),
            _ => throw IndexErrors.Parsing($"unknown query [{only.Key}]").Thrown(),
        };
    }

    public bool Matches(StoredDocument document) => _matches(document);

    private static SearchQuery Ids(JsonObject body)
    {
        if (body["values"] is not JsonArray values)
        {
            throw IndexErrors.Parsing("[ids] requires providing at least values").Thrown();
        }

        var wanted = values.Select(value => value!.ToString()).ToHashSet(StringComparer.Ordinal);
        return new SearchQuery(document => wanted.Contains(document.Id));
    }

    private static SearchQuery OnField(JsonObject body, string name, string inner, PretendIndex index, bool exact)
    {
        if (body is not { Count: 1 } || body.First() is not { Value: { } given } only || given is JsonArray)
        {
            throw IndexErrors.Parsing($"[{name}] query doesn't support multiple fields").Thrown();
        }

        if (given is JsonObject parts && (parts.Any(part => part.Key != inner) || parts[inner] is null))
        {
            var unknown = parts.FirstOrDefault(part => part.Key != inner).Key ?? inner;
            throw IndexErrors.Parsing($"[{name}] query does not support [{unknown}]").Thrown();
        }

        var wanted = (given is JsonObject ? given[inner]! : given).ToString();
        var path = only.Key;
        var isText = index.Mapping.Root.Find(path)?.Type is "text" or "match_only_text";
        string[] plainPath = (path.EndsWith(".keyword", StringComparison.Ordinal) ? path[..^8] : path).Split('.');
        var words = Words(wanted);
        return new SearchQuery(document => Values(document, plainPath).Any(value => (isText, exact) switch
        {
            (false, _) => value == wanted,
            (true, true) => Words(value).Contains(wanted, StringComparer.Ordinal),
            (true, false) => Words(value).Intersect(words, StringComparer.Ordinal).Any(),
        }));
    }

    private static string[] Words(string text) =>
        text.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Values(StoredDocument document, string[] path)
    {
        using var json = JsonDocument.Parse(document.Source);
        return [.. Values(json.RootElement, path)];
    }

    private static IEnumerable<string> Values(JsonElement element, string[] path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().SelectMany(item => Values(item, path));
        }

        if (path.Length > 0)
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path[0], out var child)
                ? Values(child, path[1..])
                : [];
        }

        return element.ValueKind switch
        {
            JsonValueKind.Object or JsonValueKind.Null => [],
            JsonValueKind.True => ["true"],
            JsonValueKind.False => ["false"],
            _ => [element.ToString()],
        };
    }
}
