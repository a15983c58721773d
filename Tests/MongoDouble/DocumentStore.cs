using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>
/// All collections, changed by one command at a time and replayed from the journal. An answer waits until everything it
/// may have seen is on the disk, so nobody is told of a write that a crash takes back.
/// </summary>
internal sealed class DocumentStore : IDisposable
{
    /// <summary>A journal this much longer than it was after the last rewriting is rewritten, bytes.</summary>
    private const long Growth = 256 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, DocumentCollection> _collections = new(StringComparer.Ordinal);
    private readonly RetryableWrites _retryable = new();
    private readonly Journal _journal;
    private long _rewritten;

    public DocumentStore(string folder)
    {
        Directory.CreateDirectory(folder);
        _journal = new Journal(Path.Combine(folder, "journal"), record => Replay(record));
        Rewrite();
    }

    public async Task<BsonDocument> Read(Func<DocumentStore, BsonDocument> command)
    {
        BsonDocument answer;
        lock (_lock)
        {
            answer = command(this);
        }

        await _journal.Durable();
        return answer;
    }

    /// <param name="retry">What makes a command that is sent again known; null when the client did not say.</param>
    /// <param name="command">Its changes and its answer are kept together.</param>
    public Task<BsonDocument> Write(WriteIdentity? retry, Func<WriteBatch, BsonDocument> command) => Read(_ =>
    {
        if (retry is not null && _retryable.Answer(retry) is { } earlier)
        {
            return earlier;
        }

        var batch = new WriteBatch(this);
        BsonDocument answer;
        try
        {
            answer = command(batch);
        }
        catch
        {
            // What the command did before it failed has been applied, so it must be in the journal too.
            Keep(batch.Changes);
            throw;
        }

        if (batch.Changes.Count > 0 && retry is not null)
        {
            batch.Note(retry.Record(answer));
        }

        Keep(batch.Changes);
        return answer;
    });

    public DocumentCollection Collection(string name)
    {
        if (!_collections.TryGetValue(name, out var collection))
        {
            _collections[name] = collection = new DocumentCollection(name);
        }

        return collection;
    }

    /// <summary>One change, live or from the journal.</summary>
    public void Apply(BsonDocument change)
    {
        switch (change.GetElement(0).Name)
        {
            case "put":
                Collection(change["put"].AsString).Put(change["document"].AsBsonDocument);
                break;
            case "remove":
                Collection(change["remove"].AsString).Remove(change["id"]);
                break;
            case "index":
                Collection(change["index"].AsString).Add(new IndexSpec(change["spec"].AsBsonDocument));
                break;
            case "drop":
                var database = change["drop"].AsString + ".";
                foreach (var name in _collections.Keys.Where(name => name.StartsWith(database, StringComparison.Ordinal)).ToArray())
                {
                    _collections.Remove(name);
                }

                break;
            case "answer":
                _retryable.Remember(change);
                break;
            default:
                throw new InvalidDataException($"The journal holds a change of an unknown kind: {change}");
        }
    }

    public void Dispose() => _journal.Dispose();

    private void Replay(BsonDocument record)
    {
        foreach (var change in record["changes"].AsBsonArray)
        {
            Apply(change.AsBsonDocument);
        }
    }

    private void Keep(List<BsonDocument> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        _journal.Append(Record(changes));
        if (_journal.Length > _rewritten + Growth)
        {
            Rewrite();
        }
    }

    private void Rewrite()
    {
        _journal.Rewrite(Everything());
        _rewritten = _journal.Length;
    }

    private static BsonDocument Record(IEnumerable<BsonDocument> changes) => new("changes", new BsonArray(changes));

    private IEnumerable<BsonDocument> Everything() =>
        _collections.SelectMany(pair =>
            pair.Value.IndexSpecs.Select(spec => new BsonDocument { { "index", pair.Key }, { "spec", spec } })
                .Concat(pair.Value.Documents.Select(document => WriteBatch.PutOf(pair.Key, document))))
            .Concat(_retryable.Answers)
            .Select(change => Record([change]));
}
