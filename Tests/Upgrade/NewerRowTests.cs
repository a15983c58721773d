using ClusterGrains.Tests.Faults;
using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>A rollback: a silo of an older version finds a row that a newer one has written.</summary>
public sealed class NewerRowTests(DoubledMongo server) : IClassFixture<DoubledMongo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_of_a_newer_layout_is_left_alone_and_told_and_all_others_go_on()
    {
        var database = server.NewDatabase();
        await using var world = await FaultWorld.Start(Cancellation);
        world.Settings.Add("--Storage:Provider=MongoDb");
        world.Settings.Add($"--Storage:MongoDb:ConnectionString={server.ConnectionString}");
        world.Settings.Add($"--Storage:MongoDb:Database={database}");
        world.Create("logs");
        world.Create("other");
        world.StartSilo();
        await world.Shown("logs", status => status["lastRun"] is not null);
        await world.Shown("other", status => status["lastRun"] is not null);
        await world.StopSilo(Cancellation);
        var rows = server.Client.GetDatabase(database).GetCollection<BsonDocument>("state");
        var newer = (await rows.Find(new BsonDocument()).ToListAsync(Cancellation))
            .Find(row => row["_id"]["grainId"] == "searchcluster/default/logs")!;
        newer["schemaVersion"] = 2;
        newer["document"] = newer["document"].AsString.Insert(1, "\"onlyANewerVersionKnows\":1,");
        newer["etag"] = "of the newer version";
        await rows.ReplaceOneAsync(new BsonDocument("_id", newer["_id"]), newer, cancellationToken: Cancellation);

        world.StartSilo();

        var status = await world.Shown("logs", shown => (string?)shown["verdict"] == "Unknown");
        Assert.Contains("has schemaVersion 2, written by a newer version of the operator; this one knows 1. Run the newer version.", (string?)status["message"], StringComparison.Ordinal);
        await world.Edit("logs");
        var before = (string?)(await world.Get("other")).Json["status"]!["lastRun"]!["runId"];
        await world.Shown("other", shown => (string?)shown["lastRun"]!["runId"] != before);
        await world.StopSilo(Cancellation);
        Assert.Equal(newer, await rows.Find(new BsonDocument("_id", newer["_id"])).SingleAsync(Cancellation));
    }
}
