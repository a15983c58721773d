using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Storage;

/// <summary>What must be there before the first state is read: a server that is new enough, and the indexes.</summary>
internal static class MongoSchema
{
    /// <summary>The layout of all documents that this code reads and writes.</summary>
    public const int Current = 1;

    private const int OldestWireVersion = 13;
    private const string OldestRelease = "5.0";
    private const string LayoutId = "clustergrains";

    /// <summary>The server's wire version.</summary>
    public static Func<CancellationToken, Task<int>> Check(IMongoDatabase database, string place) => async cancellationToken =>
    {
        var hello = await database.RunCommandAsync<BsonDocument>(
            new BsonDocument("hello", 1), ReadPreference.Primary, cancellationToken);
        var version = hello.GetValue("maxWireVersion", 0).ToInt32();
        return version < OldestWireVersion ? throw MongoFailure.TooOld(place, version, OldestWireVersion, OldestRelease)
            : !hello.GetValue("isWritablePrimary", false).ToBoolean() ? throw MongoFailure.NotWritable(place)
            : version;
    };

    /// <summary>Marks an empty database as of this layout and makes what indexes are missing.</summary>
    public static Func<int, CancellationToken, Task<bool>> Prepare(MongoDatabase database, string place) => async (_, cancellationToken) =>
    {
        await AgreeOnLayout(database.Layout, place, cancellationToken);
        await database.State.Indexes.CreateManyAsync(
            [
                Index("byResource", "_id.service", "kind", "namespace", "name"),
                Index("byClaim", "_id.service", "claim", "createdAt", "uid"),
                Index("byLateAt", "_id.service", "lateAt", "_id"),
                Index("bySilo", "_id.service", "silo", "_id"),
            ],
            cancellationToken);
        await database.Reminders.Indexes.CreateManyAsync(
            [Index("byHash", "_id.service", "grainHash"), Index("byGrain", "_id.service", "_id.grainId")], cancellationToken);
        return true;
    };

    /// <summary>For those who may not prepare it.</summary>
    public static Func<CancellationToken, Task<bool>> Require(MongoDatabase database, string place) => async cancellationToken =>
    {
        var found = await database.Layout.Find(new BsonDocument("_id", LayoutId)).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return found?.GetValue("layout", 0).ToInt32() is { } layout && layout == Current
            ? true
            : throw new DependencyException(
                Dependency.Storage,
                $"{place} has {(found is null ? "no layout" : $"layout {found.GetValue("layout", 0)}")}, and this version reads {Current}. "
                + "Let Storage:MongoDb name the silos' database; a silo of this version moves it when it starts.");
    };

    private static async Task AgreeOnLayout(IMongoCollection<BsonDocument> layouts, string place, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument("_id", LayoutId);
        var found = await layouts.Find(filter).Limit(1).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            try
            {
                await layouts.InsertOneAsync(new BsonDocument { { "_id", LayoutId }, { "layout", Current } }, null, cancellationToken);
            }
            catch (MongoWriteException first) when (first.WriteError?.Category is ServerErrorCategory.DuplicateKey)
            {
                // Another silo is starting at this moment.
                found = await layouts.Find(filter).Limit(1).FirstOrDefaultAsync(cancellationToken);
            }
        }

        var layout = found?.GetValue("layout", 0).ToInt32() ?? Current;
        if (layout > Current)
        {
            throw new DependencyException(
                Dependency.Storage,
                $"{place} has layout {layout}, written by a newer version; this one knows layouts up to {Current}. "
                + "Run the newer version, or restore a backup from before the upgrade.");
        }
    }

    private static CreateIndexModel<BsonDocument> Index(string name, params string[] fields) => new(
        new BsonDocument(fields.Select(field => new BsonElement(field, 1))),
        new CreateIndexOptions { Name = name });
}
