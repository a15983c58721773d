using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Storage;

/// <summary>
/// Says that an import fills one service's part of the database, and which run of it: a document beside the layout's, changed by
/// compare-and-swap. Who runs the import again takes the mark over. The run before may only have been frozen: it finds the mark
/// changed or gone, and ends.
/// </summary>
internal sealed class MongoImportMark(MongoDatabase database, string service)
{
    private readonly string _owner = Guid.NewGuid().ToString("N");
    private BsonDocument? _former;

    /// <summary>Whether there was one when <see cref="Look"/> looked.</summary>
    public bool WasThere => _former is not null;

    private BsonDocument Own => new() { { "_id", Id(service) }, { "owner", _owner } };

    /// <summary>Whether an import began to fill the service's part and has not finished.</summary>
    public static async Task<bool> IsThere(MongoDatabase database, string service, CancellationToken cancellationToken) =>
        await Find(database, service, cancellationToken) is not null;

    /// <summary>Looks for the one that <see cref="Take"/> takes over.</summary>
    public async Task Look(CancellationToken cancellationToken) => _former = await database.Read(Find, cancellationToken);

    /// <summary>Makes the mark this import's.</summary>
    /// <exception cref="DependencyException">It is not as <see cref="Look"/> saw it: another import has come first.</exception>
    public async Task Take(CancellationToken cancellationToken)
    {
        if (!await database.Write((_, token) => Swap(token), cancellationToken))
        {
            throw MongoFailure.OtherImport(database.Place, service);
        }
    }

    /// <summary>To be called within a read, or right before a write: no two documents are written as one.</summary>
    /// <exception cref="DependencyException">Another import took it over.</exception>
    public async Task Require(CancellationToken cancellationToken)
    {
        if (!Own.Equals(await Find(cancellationToken)))
        {
            throw MongoFailure.OtherImport(database.Place, service);
        }
    }

    /// <summary>From now on silos may start.</summary>
    /// <exception cref="DependencyException">Another import took it over.</exception>
    public Task Remove(CancellationToken cancellationToken) => database.Write(
        async (attempt, token) =>
        {
            var removed = await database.Layout.DeleteOneAsync(Own, token);

            // What an earlier try may have removed and is gone now is removed.
            return removed.DeletedCount == 1 || (attempt > 0 && await Find(token) is null)
                ? true
                : throw MongoFailure.OtherImport(database.Place, service);
        },
        cancellationToken);

    private static string Id(string service) => $"import {service}";

    private static async Task<BsonDocument?> Find(MongoDatabase database, string service, CancellationToken cancellationToken) =>
        await database.Layout.Find(new BsonDocument("_id", Id(service))).Limit(1).FirstOrDefaultAsync(cancellationToken);

    private Task<BsonDocument?> Find(CancellationToken cancellationToken) => Find(database, service, cancellationToken);

    private async Task<bool> Swap(CancellationToken cancellationToken)
    {
        if (_former is null ? await Insert(cancellationToken) : await Replace(_former, cancellationToken))
        {
            return true;
        }

        // What refused us may be an earlier try of ours, or not yet be with a majority.
        var found = await Find(cancellationToken);
        return Equals(found, _former) ? throw new UndecidedException("The mark of an import is being replicated.") : Own.Equals(found);
    }

    private async Task<bool> Insert(CancellationToken cancellationToken)
    {
        try
        {
            await database.Layout.InsertOneAsync(Own, null, cancellationToken);
            return true;
        }
        catch (MongoWriteException there) when (there.WriteError?.Category is ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    private async Task<bool> Replace(BsonDocument former, CancellationToken cancellationToken)
    {
        var result = await database.Layout.ReplaceOneAsync(former, Own, new ReplaceOptions { IsUpsert = false }, cancellationToken);
        return result.MatchedCount == 1;
    }
}
