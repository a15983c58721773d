using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>
/// What templates would do to a new index. Policies that choose their indices by themselves (<c>ism_template</c> of
/// OpenSearch) are in no template, and not seen here.
/// </summary>
internal static class TemplateEffects
{
    private static readonly string[] Policies =
    [
        "index.lifecycle.name",
        "index.plugins.index_state_management.policy_id",
        "index.opendistro.index_state_management.policy_id",
    ];

    private static TemplateEffect None { get; } = new([], null);

    /// <summary>From <c>_simulate_index</c>; null when no template of the newer kind matches: then the older ones hold.</summary>
    public static TemplateEffect? Simulated(JsonElement root, string index) =>
        root.At("template") is { ValueKind: JsonValueKind.Object } template ? Of([template], index) : null;

    /// <summary>From <c>GET /_template</c>: all that match apply, those of higher order last.</summary>
    public static TemplateEffect Legacy(JsonElement root, string index) => root.ValueKind is JsonValueKind.Object
        ? Of(
            from template in root.EnumerateObject()
            where Patterns(template.Value).Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, index, ignoreCase: false))
            orderby template.Value.Number("order") ?? 0 descending
            select template.Value,
            index)
        : None;

    private static TemplateEffect Of(IEnumerable<JsonElement> strongestFirst, string index)
    {
        var templates = strongestFirst.ToList();
        var policy = templates
            .SelectMany(template => Policies.Select(name => Setting(template.At("settings"), name)))
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return new TemplateEffect(
            [.. templates.SelectMany(template => Aliases(template, index)).Distinct().Order(StringComparer.Ordinal)],
            policy is null ? null : SafeText.Clean(policy, ServerError.MaxType));
    }

    private static IEnumerable<string> Aliases(JsonElement template, string index) =>
        template.At("aliases") is { ValueKind: JsonValueKind.Object } aliases
            ? aliases.EnumerateObject().Select(
                alias => SafeText.Clean(alias.Name.Replace("{index}", index, StringComparison.Ordinal), ServerError.MaxReason))
            : [];

    private static IEnumerable<string> Patterns(JsonElement template) =>
        template.At("index_patterns") is { ValueKind: JsonValueKind.Array } patterns
            ? patterns.EnumerateArray().Select(pattern => pattern.Scalar() ?? "")
            : [];

    /// <summary>Settings come nested, flat, or mixed.</summary>
    private static string? Setting(JsonElement? settings, string name)
    {
        if (settings is not { ValueKind: JsonValueKind.Object } group)
        {
            return null;
        }

        foreach (var entry in group.EnumerateObject())
        {
            var value = entry.Name == name
                ? entry.Value.Scalar()
                : name.StartsWith(entry.Name + ".", StringComparison.Ordinal) ? Setting(entry.Value, name[(entry.Name.Length + 1)..]) : null;
            if (value is not null)
            {
                return value;
            }
        }

        return null;
    }
}
