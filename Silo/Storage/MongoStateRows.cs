using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>The whole <c>state</c> collection.</summary>
internal sealed class MongoStateRows(MongoDatabase database, IOptions<ClusterOptions> cluster) : IStateRows
{
    private readonly string _service = cluster.Value.ServiceId;

    public Task<IReadOnlyList<StateRow>> Page(StateKey? after, int limit, CancellationToken cancellationToken)
    {
        // Ids of one service lie together, and ids are compared field by field.
        var filter = new BsonDocument
        {
            { "_id.service", _service },
            { "_id", new BsonDocument("$gt", MongoStateDocument.Id(_service, after ?? new StateKey("", ""))) },
        };
        var options = new FindOptions<BsonDocument> { Sort = new BsonDocument("_id", 1), Limit = limit };
        return database.Read<IReadOnlyList<StateRow>>(
            async token =>
            {
                using var found = await database.State.FindAsync(filter, options, token);
                return (await found.ToListAsync(token)).ConvertAll(MongoStateDocument.Read);
            },
            cancellationToken);
    }
}
