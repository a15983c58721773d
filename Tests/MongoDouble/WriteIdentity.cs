using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>A retryable write: the client's session and a number that grows with each write in it.</summary>
internal sealed record WriteIdentity(BsonDocument Session, long Number)
{
    /// <summary>The answer, as the journal keeps it.</summary>
    public BsonDocument Record(BsonDocument answer) =>
        new() { { "answer", answer }, { "session", Session }, { "number", Number } };
}
