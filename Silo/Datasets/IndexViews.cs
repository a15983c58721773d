using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>From the JSON of <c>GET /{index}</c>.</summary>
internal static class IndexViews
{
    /// <summary>The engines' own limit, in bytes.</summary>
    private const int MaxName = 255;

    private const int MaxUuid = 64;

    /// <summary>The indices whose own name begins so; a pattern also finds those that only an alias brings.</summary>
    public static ImmutableArray<IndexView> Of(JsonElement root, string prefix) => root.ValueKind is JsonValueKind.Object
        ? [.. from index in root.EnumerateObject()
              where index.Name.StartsWith(prefix, StringComparison.Ordinal) && SafeText.Clean(index.Name, MaxName) == index.Name
              let uuid = SafeText.Clean(index.Value.Text("settings", "index", "uuid"), MaxUuid)
              where uuid.Length > 0
              orderby index.Name
              select new IndexView(index.Name, uuid, Mark(index.Value), Aliases(index.Value))]
        : [];

    /// <summary>What an alias shows, ordered by name.</summary>
    public static ImmutableArray<AliasTarget> Targets(JsonElement root, string alias) =>
        root.ValueKind is not JsonValueKind.Object
            ? []
            : [.. from index in root.EnumerateObject()
                  let properties = index.Value.At("aliases", alias)
                  where properties is { ValueKind: JsonValueKind.Object }
                  orderby index.Name
                  select new AliasTarget(index.Name, Properties(properties.Value), TakesWrites(properties.Value))];

    private static bool? TakesWrites(JsonElement alias) =>
        alias.Child(AliasActions.IsWriteIndex) is { ValueKind: JsonValueKind.True or JsonValueKind.False } said ? said.GetBoolean() : null;

    public static bool NameAny(JsonElement root) => root.ValueKind is JsonValueKind.Object && root.EnumerateObject().Any();

    /// <summary>The whole of <c>_meta</c>, our mark among it.</summary>
    public static JsonElement? Meta(JsonElement root, string index) => root.At(index, "mappings", "_meta");

    /// <summary>The body of <c>PUT /{index}/_mapping</c> that puts this mark in the place of another.</summary>
    public static ReadOnlyMemory<byte> WithMark(JsonElement? meta, IndexMark mark)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("_meta");
            json.WritePropertyName(IndexMark.Key);
            mark.Write(json);
            WriteOthers(json, meta);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteOthers(Utf8JsonWriter json, JsonElement? meta)
    {
        if (meta is { ValueKind: JsonValueKind.Object } known)
        {
            foreach (var other in known.EnumerateObject().Where(entry => entry.Name != IndexMark.Key))
            {
                other.WriteTo(json);
            }
        }
    }

    private static IndexMark? Mark(JsonElement index) =>
        index.At("mappings", "_meta", IndexMark.Key) is { } mark ? IndexMark.Read(mark) : null;

    private static ImmutableArray<string> Aliases(JsonElement index) =>
        index.At("aliases") is { ValueKind: JsonValueKind.Object } aliases
            ? [.. aliases.EnumerateObject().Select(alias => SafeText.Clean(alias.Name, MaxName))]
            : [];

    private static string Properties(JsonElement alias)
    {
        var kept = alias.EnumerateObject().Where(property => property.Name != AliasActions.IsWriteIndex).ToList();
        return kept.Count == 0
            ? ""
            : $"{{{string.Join(',', kept.Select(property => $"{JsonSerializer.Serialize(property.Name)}:{property.Value.GetRawText()}"))}}}";
    }
}
