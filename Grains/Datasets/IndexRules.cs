using System.Text;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>What settings and mappings of a dataset's indices must keep, wherever they were written.</summary>
internal static class IndexRules
{
    private const int MaxSettingsBytes = 64 << 10;
    private const int MaxMappingsBytes = 256 << 10;

    /// <summary>Settings whose only place is elsewhere, by the beginning of their names without <c>index.</c>.</summary>
    private static readonly (string Prefix, string Cure)[] Ours =
    [
        ("number_of_shards", "Take it out and write spec.index.shards."),
        ("number_of_replicas", "Take it out and write spec.index.replicas."),
        ("blocks.", "Take it out: spec.rollout.writeBlock is what blocks writes."),
        ("lifecycle.", "Take it out: this operator creates, promotes and deletes the indices of a dataset."),
        ("plugins.index_state_management.", "Take it out: this operator creates, promotes and deletes the indices of a dataset."),
        ("opendistro.index_state_management.", "Take it out: this operator creates, promotes and deletes the indices of a dataset."),
        ("translog.durability", "Take it out: a load that goes on after a crash relies on what the cluster acknowledged."),
        ("aliases", "Take it out: spec.alias is the only alias."),
        ("mappings", "Take it out and write spec.index.mappings."),
    ];

    /// <param name="field">Where they stand, for example <c>spec.index.settings</c>.</param>
    /// <param name="settings">Null for none.</param>
    public static IEnumerable<SpecProblem> Settings(string field, JsonElement? settings) =>
        Shape(field, settings, MaxSettingsBytes, """{"analysis": {}}""") is { } misshaped ? [misshaped]
        : settings is not { } members ? []
        : from name in Names(Unwrapped(members, "settings"), "")
          let cure = Array.Find(Ours, one => Belongs(name, one.Prefix)).Cure
          where cure is not null
          select new SpecProblem($"{field}.{SafeText.Clean(name, 128)}", "", cure);

    /// <param name="field">Where they stand, for example <c>spec.index.mappings</c>.</param>
    /// <param name="mappings">Null for none.</param>
    public static IEnumerable<SpecProblem> Mappings(string field, JsonElement? mappings)
    {
        if (Shape(field, mappings, MaxMappingsBytes, """{"properties": {}}""") is { } misshaped)
        {
            yield return misshaped;
        }
        else if (mappings is { } members && Unwrapped(members, "mappings").TryGetProperty("_meta", out var meta))
        {
            if (meta.ValueKind is not JsonValueKind.Object)
            {
                yield return new($"{field}._meta", "", "Write an object or take it out.");
            }
            else if (meta.TryGetProperty("clustergrains", out _))
            {
                yield return new($"{field}._meta.clustergrains", "", "Take it out: there the operator writes whose the index is.");
            }
        }
    }

    private static SpecProblem? Shape(string field, JsonElement? value, int maxBytes, string example)
    {
        if (value is not { } json)
        {
            return null;
        }

        if (json.ValueKind is not JsonValueKind.Object)
        {
            return new(field, "", $"Write an object, for example {example}.");
        }

        var size = Encoding.UTF8.GetByteCount(json.GetRawText());
        return size > maxBytes ? new(field, ByteText.Of(size), $"Write at most {ByteText.Of(maxBytes)}.") : null;
    }

    // People paste what they send to the engine, name and all.
    private static JsonElement Unwrapped(JsonElement members, string name) =>
        members.EnumerateObject().Count() == 1 && members.TryGetProperty(name, out var inner) && inner.ValueKind is JsonValueKind.Object
            ? inner
            : members;

    private static bool Belongs(string name, string prefix)
    {
        var bare = name.StartsWith("index.", StringComparison.Ordinal) ? name["index.".Length..] : name;
        return prefix.EndsWith('.')
            ? bare.StartsWith(prefix, StringComparison.Ordinal)
            : bare == prefix || bare.StartsWith(prefix + ".", StringComparison.Ordinal);
    }

    /// <summary>Settings may be nested, dotted, or both; the engines take all for the same.</summary>
    private static IEnumerable<string> Names(JsonElement members, string prefix) =>
        members.EnumerateObject().SelectMany(member =>
            member.Value.ValueKind is JsonValueKind.Object && member.Value.EnumerateObject().Any()
                ? Names(member.Value, $"{prefix}{member.Name}.")
                : [$"{prefix}{member.Name}"]);
}
