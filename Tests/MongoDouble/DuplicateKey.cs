using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Another document has this key in a unique index. The statement has changed nothing.</summary>
internal sealed class DuplicateKey(string collection, string index, BsonValue key)
    : Exception($"E11000 duplicate key error collection: {collection} index: {index} dup key: {key}")
{
    public BsonDocument Answer(int statement) => new()
    {
        { "index", statement },
        { "code", 11000 },
        { "errmsg", Message },
    };
}
