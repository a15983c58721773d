using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What one command changes: at once in memory, together in the journal.</summary>
internal sealed class WriteBatch(DocumentStore store)
{
    public List<BsonDocument> Changes { get; } = [];

    public static BsonDocument PutOf(string collection, BsonDocument document) =>
        new() { { "put", collection }, { "document", document } };

    public DocumentCollection Collection(string name) => store.Collection(name);

    public void Insert(string collection, BsonDocument document)
    {
        Collection(collection).Check(document, isNew: true);
        Note(PutOf(collection, document));
    }

    public void Replace(string collection, BsonDocument document)
    {
        Collection(collection).Check(document, isNew: false);
        Note(PutOf(collection, document));
    }

    public void Remove(string collection, BsonValue id) => Note(new() { { "remove", collection }, { "id", id } });

    public void Index(string collection, IndexSpec spec) => Note(new() { { "index", collection }, { "spec", spec.Spec } });

    public void Drop(string database) => Note(new() { { "drop", database } });

    public void Note(BsonDocument change)
    {
        store.Apply(change);
        Changes.Add(change);
    }
}
