using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;
using Orleans.Serialization.Serializers;

namespace ClusterGrains.Storage;

/// <summary>Grain state in the <c>state</c> collection. Updates never insert.</summary>
internal sealed class MongoGrainStorage(
    MongoDatabase database, IOptions<ClusterOptions> cluster, StateSerializer serializer, IActivatorProvider activators)
    : GrainStateStorage(serializer, activators)
{
    private readonly string _service = cluster.Value.ServiceId;

    /// <summary>False when the key is taken.</summary>
    public static async Task<bool> Insert(MongoDatabase database, string service, StateRow row, CancellationToken cancellationToken)
    {
        try
        {
            await database.State.InsertOneAsync(MongoStateDocument.Write(service, row), null, cancellationToken);
            return true;
        }
        catch (MongoWriteException taken) when (taken.WriteError?.Category is ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    protected override Task<StateRow?> Find(StateKey key, CancellationToken cancellationToken) =>
        database.Read(token => FindStored(key, token), cancellationToken);

    protected override Task Store(StateRow row, string? expected, CancellationToken cancellationToken) => database.Write(
        async (_, token) =>
        {
            if (expected is null ? await Insert(database, _service, row, token) : await Replace(row, expected, token))
            {
                return true;
            }

            // A write of this very ETag is ours, carried out by an earlier try whose answer was lost.
            var found = await FindStored(row.Key, token);
            return found?.ETag == row.ETag || Refuse(found, row.Key, row.SchemaVersion, expected);
        },
        cancellationToken);

    protected override Task Delete(StateKey key, int known, string? expected, CancellationToken cancellationToken) => database.Write(
        async (attempt, token) =>
        {
            if (expected is not null && await Remove(key, known, expected, token))
            {
                return true;
            }

            // What an earlier try may have deleted and is gone now is deleted.
            var found = await FindStored(key, token);
            return (found is null && (expected is null || attempt > 0)) || Refuse(found, key, known, expected);
        },
        cancellationToken);

    private static bool Refuse(StateRow? found, StateKey key, int known, string? expected)
    {
        // What refused us is there, but a majority does not have it yet, and its answer may be our own.
        if (found?.ETag == expected && (found is null || found.SchemaVersion <= known))
        {
            throw new UndecidedException($"The {key} is being replicated.");
        }

        throw Refusal(found, key, known, expected);
    }

    private async Task<StateRow?> FindStored(StateKey key, CancellationToken cancellationToken)
    {
        var found = await database.State.Find(IsKey(key)).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : MongoStateDocument.Read(found);
    }

    /// <summary>False when the document is gone, has another ETag or a higher schema version.</summary>
    private async Task<bool> Replace(StateRow row, string expected, CancellationToken cancellationToken)
    {
        var result = await database.State.ReplaceOneAsync(
            IsExpected(row.Key, expected, row.SchemaVersion),
            MongoStateDocument.Write(_service, row),
            new ReplaceOptions { IsUpsert = false },
            cancellationToken);
        return result.MatchedCount == 1;
    }

    private async Task<bool> Remove(StateKey key, int known, string expected, CancellationToken cancellationToken) =>
        (await database.State.DeleteOneAsync(IsExpected(key, expected, known), cancellationToken)).DeletedCount == 1;

    private BsonDocument IsKey(StateKey key) => new("_id", MongoStateDocument.Id(_service, key));

    /// <summary>An older version of this code never replaces what a newer one wrote.</summary>
    private BsonDocument IsExpected(StateKey key, string expected, int schemaVersion) => new()
    {
        { "_id", MongoStateDocument.Id(_service, key) },
        { "etag", expected },
        { "schemaVersion", new BsonDocument("$lte", schemaVersion) },
    };
}
