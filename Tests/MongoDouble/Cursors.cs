using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Results that are handed out in batches. They show one moment; MongoDB's may mix several.</summary>
internal sealed class Cursors
{
    private const int FirstBatch = 101;
    private const int LargestBatchBytes = 16 * 1024 * 1024;
    private const int MostOpen = 1_000;

    private readonly SortedDictionary<long, (string Collection, ArraySegment<BsonDocument> Left)> _open = [];
    private long _last;

    public BsonDocument First(string collection, BsonDocument[] found, int? size, bool isSingle)
    {
        var batch = Batch(found, size ?? FirstBatch);
        var rest = new ArraySegment<BsonDocument>(found)[batch.Count..];
        var id = rest.Count == 0 || isSingle ? 0 : Open(collection, rest);
        return Answer("firstBatch", id, collection, batch);
    }

    public BsonDocument Next(long id, string collection, int? size)
    {
        if (!_open.TryGetValue(id, out var cursor) || cursor.Collection != collection)
        {
            throw new CommandRefused(43, "CursorNotFound", $"cursor id {id} not found");
        }

        var batch = Batch(cursor.Left, size ?? int.MaxValue);
        var rest = cursor.Left[batch.Count..];
        _open[id] = (collection, rest);
        if (rest.Count > 0)
        {
            return Answer("nextBatch", id, collection, batch);
        }

        _open.Remove(id);
        return Answer("nextBatch", 0, collection, batch);
    }

    public BsonDocument Kill(long[] ids)
    {
        var killed = ids.Where(_open.Remove).ToArray();
        return new()
        {
            { "cursorsKilled", new BsonArray(killed) },
            { "cursorsNotFound", new BsonArray(ids.Except(killed)) },
            { "cursorsAlive", new BsonArray() },
            { "cursorsUnknown", new BsonArray() },
            { "ok", 1.0 },
        };
    }

    private long Open(string collection, ArraySegment<BsonDocument> rest)
    {
        _open[++_last] = (collection, rest);
        if (_open.Count > MostOpen)
        {
            _open.Remove(_open.First().Key);
        }

        return _last;
    }

    private static BsonArray Batch(ArraySegment<BsonDocument> documents, int size)
    {
        var batch = new BsonArray();
        var bytes = 0;
        foreach (var document in documents.Take(size))
        {
            bytes += document.ToBson().Length;
            if (batch.Count > 0 && bytes > LargestBatchBytes)
            {
                break;
            }

            batch.Add(document);
        }

        return batch;
    }

    private static BsonDocument Answer(string field, long id, string collection, BsonArray batch) => new()
    {
        { "cursor", new BsonDocument { { "id", id }, { "ns", collection }, { field, batch } } },
        { "ok", 1.0 },
    };
}
