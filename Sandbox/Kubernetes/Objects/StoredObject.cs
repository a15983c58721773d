using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>One version of one object; never changes. Readers share its bytes, writers take a copy.</summary>
internal sealed class StoredObject
{
    private StoredObject(byte[] json, JsonElement document, long revision)
    {
        Json = json;
        Document = document;
        Revision = revision;
        var metadata = document.GetProperty("metadata");
        Key = new ObjectKey(Text(metadata, "namespace"), Text(metadata, "name"));
        Uid = Text(metadata, "uid");
        Labels = metadata.TryGetProperty("labels", out var labels) && labels.ValueKind is JsonValueKind.Object
            ? labels.EnumerateObject().ToFrozenDictionary(l => l.Name, l => l.Value.ToString(), StringComparer.Ordinal)
            : FrozenDictionary<string, string>.Empty;
    }

    public byte[] Json { get; }

    public JsonElement Document { get; }

    public ObjectKey Key { get; }

    public string Uid { get; }

    public long Revision { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public bool IsTerminating => Document.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _);

    public JsonObject ToJson() => CanonicalJson.ParseObject(Json);

    /// <summary>Freezes a document under a revision, which becomes its <c>resourceVersion</c>.</summary>
    public static StoredObject Freeze(JsonObject document, long revision)
    {
        document.Ensure("metadata")["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var json = CanonicalJson.Bytes(document);
        return new StoredObject(json, JsonElement.Parse(json), revision);
    }

    /// <summary>A document as it would be stored, for dry runs: under the revision it has, if any.</summary>
    public static StoredObject Preview(JsonObject document)
    {
        var json = CanonicalJson.Bytes(document);
        return new StoredObject(json, JsonElement.Parse(json), 0);
    }

    private static string Text(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
