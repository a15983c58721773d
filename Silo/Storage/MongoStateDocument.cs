using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Storage;

/// <summary>
/// One grain state as one document, index columns and all, so that they can never part. A column without a value is
/// left out. The state itself is text: lossless, whatever keys and numbers it has.
/// </summary>
internal static class MongoStateDocument
{
    private static readonly string[] IndexColumns =
    [
        "kind", "namespace", "name", "uid", "createdAt", "generation", "intent", "phase", "nextDue", "lateAt", "revision", "claim",
        "silo", "summary",
    ];

    /// <summary>Reads the index columns alone.</summary>
    public static ProjectionDefinition<BsonDocument> IndexOnly { get; } =
        new BsonDocument(IndexColumns.Select(column => new BsonElement(column, 1)).Prepend(new BsonElement("_id", 0)));

    public static BsonDocument Id(string service, StateKey key) => new()
    {
        { "service", service },
        { "grainId", key.GrainId },
        { "stateName", key.StateName },
    };

    public static BsonDocument Write(string service, StateRow row)
    {
        var document = new BsonDocument
        {
            { "_id", Id(service, row.Key) },
            { "etag", row.ETag },
            { "schemaVersion", row.SchemaVersion },
        };
        if (row.Index is { } index)
        {
            document.Add("kind", index.Kind);
            document.Add("namespace", index.Namespace);
            document.Add("name", index.Name);
            document.Add("uid", index.Uid);
            AddText(document, "createdAt", StoredTime.Text(index.CreatedAt));
            document.Add("generation", index.Generation);
            document.Add("intent", index.Intent);
            document.Add("phase", index.Phase);
            AddText(document, "nextDue", StoredTime.Text(index.NextDue));
            AddText(document, "lateAt", StoredTime.Text(index.LateAt));
            document.Add("revision", index.Revision);
            AddText(document, "claim", index.Claim);
            AddText(document, "silo", index.Silo);
            AddText(document, "summary", index.Summary);
        }

        document.Add("document", row.Document);
        return document;
    }

    public static StateRow Read(BsonDocument document)
    {
        var id = document["_id"].AsBsonDocument;
        return new StateRow(
            new StateKey(id["grainId"].AsString, id["stateName"].AsString),
            document["etag"].AsString,
            document["schemaVersion"].AsInt32,
            document.Contains("kind") ? ReadIndex(document) : null,
            document["document"].AsString);
    }

    public static IndexRow ReadIndex(BsonDocument document) => new(
        Kind: document["kind"].AsString,
        Namespace: document["namespace"].AsString,
        Name: document["name"].AsString,
        Uid: document["uid"].AsString,
        Generation: document["generation"].AsInt64,
        Intent: document["intent"].AsString,
        Phase: document["phase"].AsString,
        NextDue: Time(document, "nextDue"),
        Revision: document["revision"].AsInt64,
        Claim: Text(document, "claim"),
        Summary: Text(document, "summary"),
        CreatedAt: Time(document, "createdAt"),
        LateAt: Time(document, "lateAt"),
        Silo: Text(document, "silo"));

    private static void AddText(BsonDocument document, string name, string? text) => document.Add(name, text, text is not null);

    private static string? Text(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) ? value.AsString : null;

    private static DateTimeOffset? Time(BsonDocument document, string name) =>
        Text(document, name) is { } text ? StoredTime.Parse(text) : null;
}
