using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>
/// Reminders in the <c>reminder</c> collection, scoped by service id. The last upsert wins, as in every Orleans
/// provider; removal is guarded by the ETag.
/// </summary>
internal sealed class MongoReminderTable(MongoDatabase database, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private const int BatchSize = 1000;

    private readonly string _service = cluster.Value.ServiceId;

    /// <summary>False when the key is taken.</summary>
    public static async Task<bool> Insert(MongoDatabase database, string service, ReminderEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await database.Reminders.InsertOneAsync(Document(service, entry, NewETag()), null, cancellationToken);
            return true;
        }
        catch (MongoWriteException taken) when (taken.WriteError?.Category is ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    /// <summary>The database was opened by <see cref="StorageLifetime"/>; there is nothing left to start.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, CancellationToken.None);

    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) =>
        Find(new("_id.grainId", grainId.ToString()), cancellationToken);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, CancellationToken.None);

    /// <summary>Hashes in (begin, end]; around the end of the ring when begin ≥ end, so (0, 0] is all.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken)
    {
        var above = new BsonDocument("$gt", (long)begin);
        var upTo = new BsonDocument("$lte", (long)end);
        return Find(
            begin < end
                ? new("grainHash", above.AddRange(upTo))
                : new("$or", new BsonArray { new BsonDocument("grainHash", above), new BsonDocument("grainHash", upTo) }),
            cancellationToken);
    }

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        ReadRow(grainId, reminderName, CancellationToken.None);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) =>
        database.Read(token => FindStored(Id(_service, grainId, reminderName), token), cancellationToken);

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, CancellationToken.None);

    public Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        var etag = NewETag();
        var document = Document(_service, entry, etag);
        return database.Write<string?>(
            async (_, token) =>
            {
                await Upsert(document, token);
                return etag;
            },
            cancellationToken);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        RemoveRow(grainId, reminderName, eTag, CancellationToken.None);

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        var id = Id(_service, grainId, reminderName);
        var filter = new BsonDocument { { "_id", id }, { "etag", eTag } };
        return database.Write(
            async (attempt, token) =>
            {
                var removed = await database.Reminders.DeleteOneAsync(filter, token);

                // What an earlier try may have removed and is gone now is removed.
                return removed.DeletedCount == 1 || (attempt > 0 && await FindStored(id, token) is null);
            },
            cancellationToken);
    }

    public Task TestOnlyClearTable() => TestOnlyClearTable(CancellationToken.None);

    public Task TestOnlyClearTable(CancellationToken cancellationToken) => database.Write(
        (_, token) => database.Reminders.DeleteManyAsync(new BsonDocument("_id.service", _service), token), cancellationToken);

    private async Task Upsert(BsonDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await database.Reminders.ReplaceOneAsync(
                new BsonDocument("_id", document["_id"]), document, new ReplaceOptions { IsUpsert = true }, cancellationToken);
        }
        catch (MongoWriteException raced) when (raced.WriteError?.Category is ServerErrorCategory.DuplicateKey)
        {
            // Two upserts of a new reminder both meant to insert; the next try finds a document to replace.
            throw new UndecidedException("Another upsert of this reminder came first.", raced);
        }
    }

    private Task<ReminderTableData> Find(BsonDocument filter, CancellationToken cancellationToken)
    {
        filter.InsertAt(0, new BsonElement("_id.service", _service));
        var options = new FindOptions<BsonDocument> { BatchSize = BatchSize };
        return database.Read(
            async token =>
            {
                using var found = await database.Reminders.FindAsync(filter, options, token);
                return new ReminderTableData((await found.ToListAsync(token)).Select(Entry).OfType<ReminderEntry>());
            },
            cancellationToken);
    }

    private async Task<ReminderEntry?> FindStored(BsonDocument id, CancellationToken cancellationToken)
    {
        var found = await database.Reminders.Find(new BsonDocument("_id", id)).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : Entry(found);
    }

    private static string NewETag() => Guid.NewGuid().ToString("N");

    private static BsonDocument Document(string service, ReminderEntry entry, string etag) => new()
    {
        { "_id", Id(service, entry.GrainId, entry.ReminderName) },
        { "etag", etag },
        { "grainHash", (long)entry.GrainId.GetUniformHashCode() },
        { "startAt", StoredTime.Text(entry.StartAt) },
        { "periodTicks", entry.Period.Ticks },
    };

    private static BsonDocument Id(string service, GrainId grainId, string name) => new()
    {
        { "service", service },
        { "grainId", grainId.ToString() },
        { "name", name },
    };

    private ReminderEntry? Entry(BsonDocument document) => database.DamagedReminders.Read(
        MongoStateDocument.Id(document, "grainId"), MongoStateDocument.Id(document, "name"), MongoStateDocument.Columns(document));
}
