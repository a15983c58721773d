using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>
/// Tells whether silos work on the service's part of the database: by the membership of every cluster that has one of them, for
/// data belong to a service, and silos of several clusters may name the same.
/// </summary>
internal sealed class MongoSilence(MongoDatabase database, IOptions<ClusterOptions> cluster, TimeProvider time)
{
    /// <summary>Silos give a sign of life every 5 s; several may be lost, and clocks differ.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>What changes with every silo that comes or goes.</returns>
    /// <exception cref="DependencyException">A silo works on it.</exception>
    public async Task<string> Require(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var clusters = await database.Read(Find, cancellationToken);
        foreach (var (document, silo) in clusters.SelectMany(MongoMembershipDocument.Members, (document, member) => (document, member.Entry)))
        {
            var heard = now - MongoMembershipTable.LastHeardOf(silo);
            if (silo.Status is not SiloStatus.Dead && heard < Patience)
            {
                throw MongoFailure.SiloWorks(
                    database.Place, document["_id"].ToString()!, $"{silo.SiloName} ({silo.SiloAddress})", heard, Patience);
            }
        }

        return string.Join(' ', clusters.Select(document => document["etag"].AsString));
    }

    private async Task<List<BsonDocument>> Find(CancellationToken cancellationToken)
    {
        var all = await database.Membership.Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync(cancellationToken);
        return all.FindAll(document => MongoMembershipDocument.MayServe(document, cluster.Value.ServiceId));
    }
}
