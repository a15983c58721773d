using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>
/// Which silos form the cluster: one document, changed by compare-and-swap, so that row and version move together and
/// are read together. A refused change is false, never an exception: the silo reads again.
/// </summary>
internal sealed class MongoMembershipTable(MongoDatabase database, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    private readonly string _cluster = cluster.Value.ClusterId;
    private readonly string _service = cluster.Value.ServiceId;

    private BsonDocument IsCluster => new("_id", _cluster);

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        database.Write((_, token) => Ensure(token), cancellationToken);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => database.Write(
        (_, token) => database.Membership.DeleteOneAsync(new BsonDocument("_id", clusterId), token), cancellationToken);

    /// <summary>Removes the silos that are not Active and have not been heard of since.</summary>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => database.Write(
        async (_, token) =>
        {
            var document = await Stored(token);
            var defunct = MongoMembershipDocument.Members(document)
                .Select(member => member.Entry)
                .Where(entry => entry.Status is not SiloStatus.Active && LastHeardOf(entry) < beforeDate.UtcDateTime)
                .Select(entry => new BsonElement(MongoMembershipDocument.Path(entry.SiloAddress), ""))
                .ToArray();
            if (defunct.Length > 0 && !await Change(document["etag"].AsString, [], new("$unset", new BsonDocument(defunct.AsEnumerable())), token))
            {
                throw new UndecidedException("The membership changed meanwhile.");
            }

            return true;
        },
        cancellationToken);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        Read(entry => entry.SiloAddress.Equals(key), cancellationToken);

    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => Read(_ => true, cancellationToken);

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var isNew = new BsonDocument(MongoMembershipDocument.Path(entry.SiloAddress), new BsonDocument("$exists", false));
        var joined = await Swap(entry, tableVersion, isNew, cancellationToken);

        // An import says that it begins and then looks for silos; a silo joins and then looks for imports: one sees the other.
        await database.RequireWhole(cancellationToken);
        return joined;
    }

    public Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        var isKnown = new BsonDocument($"{MongoMembershipDocument.Path(entry.SiloAddress)}.etag", etag);
        return Swap(entry, tableVersion, isKnown, cancellationToken);
    }

    /// <summary>Leaves version and ETags alone: nothing that others decided on has changed.</summary>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        var path = MongoMembershipDocument.Path(entry.SiloAddress);
        var filter = IsCluster.Add(path, new BsonDocument("$exists", true));
        var change = new BsonDocument("$set", new BsonDocument($"{path}.iAmAliveTime", StoredTime.Text(entry.IAmAliveTime)));
        return database.Write((_, token) => database.Membership.UpdateOneAsync(filter, change, null, token), cancellationToken);
    }

    // Orleans 10.4.2 calls the methods above; these are the interface's older names for them.
    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, default);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, default);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, default);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, default);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(default);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, default);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, default);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, default);

    public static DateTime LastHeardOf(MembershipEntry entry) =>
        entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime;

    private Task<MembershipTableData> Read(Func<MembershipEntry, bool> wanted, CancellationToken cancellationToken) => database.Read(
        async token =>
        {
            var document = await Stored(token);
            var members = MongoMembershipDocument.Members(document)
                .Where(member => wanted(member.Entry))
                .Select(member => Tuple.Create(member.Entry, member.ETag));
            return new MembershipTableData([.. members], MongoMembershipDocument.Version(document));
        },
        cancellationToken);

    /// <summary>Puts the silo's new row in and moves the table on, if both are as the caller read them.</summary>
    private Task<bool> Swap(
        MembershipEntry entry, TableVersion next, BsonDocument condition, CancellationToken cancellationToken)
    {
        var etag = Guid.NewGuid().ToString("N");
        var change = new BsonDocument("$set", new BsonDocument
        {
            { "version", next.Version },
            { "etag", etag },
            { MongoMembershipDocument.Path(entry.SiloAddress), MongoMembershipDocument.WriteMember(entry, _service) },
        });
        condition.Add("version", next.Version - 1);
        return database.Write(
            async (attempt, token) =>
                await Change(next.VersionEtag, condition, change, token)

                // An earlier try may have been carried out and its answer lost.
                || (attempt > 0 && (await Stored(token))["etag"] == etag),
            cancellationToken);
    }

    private async Task<bool> Change(string etag, BsonDocument condition, BsonDocument change, CancellationToken cancellationToken)
    {
        var filter = IsCluster.Add("etag", etag).AddRange(condition);
        var result = await database.Membership.UpdateOneAsync(filter, change, new UpdateOptions { IsUpsert = false }, cancellationToken);
        return result.MatchedCount == 1;
    }

    /// <summary>An operator may have deleted the document; then the cluster begins anew.</summary>
    private async Task<BsonDocument> Stored(CancellationToken cancellationToken)
    {
        if (await Find(cancellationToken) is { } stored)
        {
            return stored;
        }

        await Ensure(cancellationToken);
        return await Find(cancellationToken) ?? throw new UndecidedException("The membership document is being created.");
    }

    private async Task<BsonDocument?> Find(CancellationToken cancellationToken) =>
        await database.Membership.Find(IsCluster).Limit(1).FirstOrDefaultAsync(cancellationToken);

    private async Task<bool> Ensure(CancellationToken cancellationToken)
    {
        try
        {
            await database.Membership.InsertOneAsync(MongoMembershipDocument.Empty(_cluster), null, cancellationToken);
            return true;
        }
        catch (MongoWriteException there) when (there.WriteError?.Category is ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }
}
