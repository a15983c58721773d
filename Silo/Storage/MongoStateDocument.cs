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

    /// <summary>Reads the id and the index columns.</summary>
    public static ProjectionDefinition<BsonDocument> IndexOnly { get; } =
        new BsonDocument(IndexColumns.Select(column => new BsonElement(column, 1)));

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

    public static StateRow Read(BsonDocument document) =>
        StoredColumns.State(new StateKey(Id(document, "grainId"), Id(document, "stateName")), Columns(document));

    public static IndexRow ReadIndex(BsonDocument document) => StoredColumns.Index(Id(document, "grainId"), Columns(document));

    /// <summary>A part of a document's id.</summary>
    public static string Id(BsonDocument document, string name) => document["_id"].AsBsonDocument.GetValue(name, "").ToString()!;

    /// <summary>For <see cref="StoredColumns"/>.</summary>
    public static Func<string, object?> Columns(BsonDocument document) =>
        name => BsonTypeMapper.MapToDotNetValue(document.GetValue(name, BsonNull.Value));

    private static void AddText(BsonDocument document, string name, string? text) => document.Add(name, text, text is not null);
}
