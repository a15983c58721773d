using System.Text.Json;

namespace ClusterGrains.Datasets;

/// <summary>Proof of ownership, in <c>mappings._meta.clustergrains</c> from the moment an index is created.</summary>
/// <param name="Uid">The epoch of the dataset it belongs to.</param>
/// <param name="Dataset"><c>namespace/name</c>.</param>
/// <param name="RunId">The update that made it.</param>
/// <param name="PromotedAt">When it was promoted first; null for one that never was: half loaded, failed or on its way.</param>
public sealed record IndexMark(
    string Uid,
    string Dataset,
    string Version,
    string RunId,
    string Fingerprint,
    DateTimeOffset BuiltAt,
    DateTimeOffset? PromotedAt = null)
{
    /// <summary>Where it is under <c>mappings._meta</c>.</summary>
    public const string Key = "clustergrains";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>As one JSON object, names in camelCase.</summary>
    public void Write(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, Strict);

    /// <summary>Null for anything that is not a whole mark: then the index is not ours.</summary>
    public static IndexMark? Read(JsonElement json)
    {
        try
        {
            return json.Deserialize<IndexMark>(Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
