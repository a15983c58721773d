using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Composable index templates. Of those that match, the one with the highest priority wins alone.</summary>
internal sealed class IndexTemplates
{
    private const int Most = 1000;

    private volatile ImmutableSortedDictionary<string, JsonObject> _templates =
        ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);

    /// <param name="body"><c>index_patterns</c>, <c>priority</c>, <c>template</c>.</param>
    /// <exception cref="EngineException">It has no patterns, or there are a thousand already.</exception>
    public void Put(string name, JsonObject body)
    {
        if (body["index_patterns"] is not (JsonArray or JsonValue) || _templates.Count >= Most)
        {
            throw IndexErrors.IllegalArgument($"index template [{name}] must have index patterns").Thrown();
        }

        _templates = _templates.SetItem(name, (JsonObject)body.DeepClone());
    }

    /// <summary>False when there is none.</summary>
    public bool Delete(string name)
    {
        var before = _templates;
        _templates = before.Remove(name);
        return before.ContainsKey(name);
    }

    /// <summary>What an index of that name gets: settings, mappings, aliases. Null for nothing.</summary>
    public JsonObject? For(string index) =>
        _templates.Values
            .Where(template => Patterns(template).Any(pattern =>
                FileSystemName.MatchesSimpleExpression(pattern, index, ignoreCase: false)))
            .MaxBy(template => (long?)template["priority"] ?? 0)?["template"] as JsonObject;

    private static IEnumerable<string> Patterns(JsonObject template) => template["index_patterns"] switch
    {
        JsonArray list => list.Select(pattern => pattern!.ToString()),
        var one => [one!.ToString()],
    };
}
