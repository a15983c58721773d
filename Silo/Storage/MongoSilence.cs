using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>Tells whether silos work on the database, by the membership of their cluster.</summary>
internal sealed class MongoSilence(MongoDatabase database, IOptions<ClusterOptions> cluster, TimeProvider time)
{
    /// <summary>Silos give a sign of life every 5 s; several may be lost, and clocks differ.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>What changes with every silo that comes or goes.</returns>
    /// <exception cref="DependencyException">A silo works on it.</exception>
    public async Task<string> Require(CancellationToken cancellationToken)
    {
        var (name, now) = (cluster.Value.ClusterId, time.GetUtcNow().UtcDateTime);
        var document = await database.Read(token => Find(name, token), cancellationToken);
        foreach (var (silo, _) in document is null ? [] : MongoMembershipDocument.Members(document))
        {
            var heard = now - MongoMembershipTable.LastHeardOf(silo);
            if (silo.Status is not SiloStatus.Dead && heard < Patience)
            {
                throw MongoFailure.SiloWorks(database.Place, name, $"{silo.SiloName} ({silo.SiloAddress})", heard, Patience);
            }
        }

        return document is null ? "" : document["etag"].AsString;
    }

    private async Task<BsonDocument?> Find(string name, CancellationToken cancellationToken) =>
        await database.Membership.Find(new BsonDocument("_id", name)).Limit(1).FirstOrDefaultAsync(cancellationToken);
}
