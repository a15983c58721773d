using ClusterGrains.Resources;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>The index columns of the <c>state</c> collection.</summary>
internal sealed class MongoResourceIndex(MongoDatabase database, IOptions<ClusterOptions> cluster) : IResourceIndex
{
    /// <summary>Rows in one answer of the server; what is more comes with further ones.</summary>
    private const int BatchSize = 1000;

    /// <summary>Behind every name: names are plain letters, digits, hyphens and dots.</summary>
    private const string LastName = "\uffff";

    private readonly string _service = cluster.Value.ServiceId;

    public Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) =>
        Find(new("kind", kind), ["namespace", "name"], limit: null, cancellationToken);

    public async Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken)
    {
        var after = query.After;
        var rows = new List<IndexRow>();
        if (after is { } last && query.Namespaces.Contains(last.Namespace))
        {
            rows.AddRange(await Page(query, last.Namespace, query.Limit, cancellationToken));
        }

        // Two ranges of the index instead of one condition over two fields, for which the server would read more.
        var others = query.Namespaces.Where(one => string.CompareOrdinal(one, after?.Namespace) > 0).ToArray();
        if (others.Length > 0 && rows.Count < query.Limit)
        {
            var among = new BsonDocument("$in", new BsonArray(others));
            rows.AddRange(await Page(query with { After = null }, among, query.Limit - rows.Count, cancellationToken));
        }

        return rows;
    }

    public Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) =>
        database.Read<IReadOnlyList<string>>(
            async token =>
            {
                var filter = new BsonDocument { { "_id.service", _service }, { "kind", kind }, { "namespace", new BsonDocument("$gte", "") } };
                using var found = await database.State.DistinctAsync<string>("namespace", filter, cancellationToken: token);
                return [.. (await found.ToListAsync(token)).Order(StringComparer.Ordinal)];
            },
            cancellationToken);

    public async Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument { { "kind", kind }, { "namespace", key.Namespace }, { "name", key.Name } };
        var rows = await Find(filter, [], limit: 1, cancellationToken);
        return rows.SingleOrDefault();
    }

    public Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken) =>
        Find(new("claim", claim), ["createdAt", "uid"], limit: null, cancellationToken);

    public Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Find(new("lateAt", new BsonDocument("$lte", StoredTime.Text(now.UtcDateTime))), ["lateAt", "_id"], limit, cancellationToken);

    public Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) =>
        Find(new("silo", silo), ["_id"], limit: null, cancellationToken);

    private Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, BsonValue namespaces, int limit, CancellationToken cancellationToken)
    {
        var name = new BsonDocument { { "$gte", query.NamePrefix }, { "$lt", query.NamePrefix + LastName } };
        name.Add("$gt", query.After?.Name, query.After is not null);
        var phase = new BsonDocument("$ne", "Retired");
        phase.Add("$eq", query.Phase, query.Phase is not null);
        var filter = new BsonDocument
        {
            { "kind", query.Kind },
            { "namespace", namespaces },
            { "name", name },
            { "phase", phase },
        };
        return Find(filter, ["namespace", "name"], limit, cancellationToken);
    }

    private Task<IReadOnlyList<IndexRow>> Find(BsonDocument filter, string[] order, int? limit, CancellationToken cancellationToken)
    {
        filter.InsertAt(0, new BsonElement("_id.service", _service));
        var options = new FindOptions<BsonDocument>
        {
            Projection = MongoStateDocument.IndexOnly,
            Sort = order.Length == 0 ? null : new BsonDocument(order.Select(field => new BsonElement(field, 1))),
            Limit = limit,
            BatchSize = BatchSize,
        };
        return database.Read<IReadOnlyList<IndexRow>>(
            async token =>
            {
                using var found = await database.State.FindAsync(filter, options, token);
                return (await found.ToListAsync(token)).ConvertAll(MongoStateDocument.ReadIndex);
            },
            cancellationToken);
    }
}
