using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>The answer to each session's last write: a write that is sent again, after its answer was lost, is not done again.</summary>
internal sealed class RetryableWrites
{
    private const int MostSessions = 10_000;

    private readonly SortedDictionary<BsonValue, BsonDocument> _answers = new(BsonOrder.Instance);
    private readonly Queue<BsonDocument> _oldest = new();

    public IEnumerable<BsonDocument> Answers => _oldest.Select(session => _answers[session]);

    /// <summary>The answer it got the first time; null for a new write.</summary>
    public BsonDocument? Answer(WriteIdentity write)
    {
        if (!_answers.TryGetValue(write.Session, out var last) || last["number"].ToInt64() < write.Number)
        {
            return null;
        }

        return last["number"].ToInt64() == write.Number
            ? last["answer"].AsBsonDocument
            : throw new CommandRefused(225, "TransactionTooOld", $"Write {write.Number} of a session that is at {last["number"]}.");
    }

    public void Remember(BsonDocument answer)
    {
        var session = answer["session"].AsBsonDocument;
        if (!_answers.ContainsKey(session))
        {
            _oldest.Enqueue(session);
        }

        _answers[session] = answer;
        if (_answers.Count > MostSessions)
        {
            _answers.Remove(_oldest.Dequeue());
        }
    }
}
