using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>
/// Index templates. Of the composable ones that match the one with the highest priority wins alone; where none does,
/// the legacy one with the highest order.
/// </summary>
internal sealed class IndexTemplates
{
    private const int Most = 1000;

    private volatile ImmutableSortedDictionary<string, JsonObject> _composable =
        ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);

    private volatile ImmutableSortedDictionary<string, JsonObject> _legacy =
        ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);

    /// <summary>The legacy ones by their names.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> Legacy => _legacy;

    /// <param name="body"><c>index_patterns</c>, <c>priority</c>, <c>template</c>.</param>
    /// <exception cref="EngineException">It has no patterns, or there are a thousand already.</exception>
    public void Put(string name, JsonObject body) => _composable = With(_composable, name, body);

    /// <param name="body"><c>index_patterns</c>, <c>order</c>, <c>settings</c>, <c>mappings</c>, <c>aliases</c>.</param>
    /// <exception cref="EngineException">It has no patterns, or there are a thousand already.</exception>
    public void PutLegacy(string name, JsonObject body) => _legacy = With(_legacy, name, body);

    /// <summary>False when there is none, neither composable nor legacy.</summary>
    public bool Delete(string name)
    {
        var known = _composable.ContainsKey(name) || _legacy.ContainsKey(name);
        (_composable, _legacy) = (_composable.Remove(name), _legacy.Remove(name));
        return known;
    }

    /// <summary>What the composable templates give an index of that name: settings, mappings, aliases. Null for none.</summary>
    public JsonObject? Composable(string index) =>
        Strongest(_composable, index, "priority") is { } template ? template["template"] as JsonObject ?? [] : null;

    /// <summary>What an index of that name gets. Null for nothing.</summary>
    public JsonObject? For(string index) => Composable(index) ?? Strongest(_legacy, index, "order");

    private static JsonObject? Strongest(
        ImmutableSortedDictionary<string, JsonObject> templates, string index, string rank) =>
        templates.Values
            .Where(template => Patterns(template).Any(pattern =>
                FileSystemName.MatchesSimpleExpression(pattern, index, ignoreCase: false)))
            .MaxBy(template => (long?)template[rank] ?? 0);

    private static ImmutableSortedDictionary<string, JsonObject> With(
        ImmutableSortedDictionary<string, JsonObject> templates, string name, JsonObject body) =>
        body["index_patterns"] is JsonArray && templates.Count < Most
            ? templates.SetItem(name, (JsonObject)body.DeepClone())
            : throw IndexErrors.IllegalArgument($"index template [{name}] must have index patterns").Thrown();

    private static IEnumerable<string> Patterns(JsonObject template) =>
        ((JsonArray)template["index_patterns"]!).Select(pattern => pattern!.ToString());
}
