using ClusterGrains.Hosting;
using ClusterGrains.Tests.Faults;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.Verification;

/// <summary>The command on a storage that silos share.</summary>
public sealed class VerifyMongoTests(DoubledMongo server) : IClassFixture<DoubledMongo>
{
    [Fact]
    public async Task Beside_a_silo_on_MongoDB_all_is_as_it_must_be_and_a_lost_reminder_is_told_after_it()
    {
        await using var world = await FaultWorld.Start(Cancellation);
        var database = server.NewDatabase();
        world.Settings.Add("--Storage:Provider=MongoDb");
        world.Settings.Add($"--Storage:MongoDb:ConnectionString={server.ConnectionString}");
        world.Settings.Add($"--Storage:MongoDb:Database={database}");
        world.Create("logs");
        world.Create("other");
        world.StartSilo();
        await world.Shown("logs", status => status["lastRun"] is not null);
        await world.Shown("other", status => status["lastRun"] is not null);
        Assert.Empty(await Violations(world));

        await world.StopSilo(Cancellation);
        var reminders = server.Client.GetDatabase(database).GetCollection<BsonDocument>("reminder");
        var reminder = (await reminders.Find(new BsonDocument()).ToListAsync(Cancellation))
            .Find(document => document["_id"]["grainId"] == "searchcluster/default/logs")!;
        await reminders.DeleteOneAsync(new BsonDocument("_id", reminder["_id"]), Cancellation);

        Assert.Equal(["Reminder: SearchCluster default/logs, row: expected one every 00:00:01, seen none. Look at the reminder table"], await Violations(world));
    }

    [Fact]
    public async Task A_database_that_no_silo_prepared_is_left_alone()
    {
        var database = server.NewDatabase();
        using var folder = new SiloFolder();
        await using var verify = VerifyHost.Build(
        [
            .. folder.Settings, "--Storage:Provider=MongoDb", $"--Storage:MongoDb:ConnectionString={server.ConnectionString}",
            $"--Storage:MongoDb:Database={database}",
        ]);

        var report = await verify.Verifier.Look([], Cancellation);

        Assert.Contains(report.Unseen, unseen => unseen.Why.Contains("has no layout", StringComparison.Ordinal));
        Assert.Equal(2, report.ExitCode);
        Assert.Empty(await server.Client.GetDatabase(database).GetCollection<BsonDocument>("layout")
            .Find(new BsonDocument()).ToListAsync(Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string[]> Violations(FaultWorld world)
    {
        await using var verify = VerifyHost.Build([.. world.SiloArguments, "--Verify:Pause=1s"]);
        var report = await verify.Verifier.Look([], Cancellation);
        Assert.Equal((2, 2), (report.Rows, report.Live));
        Assert.Empty(report.Unseen);
        return [.. report.Violations.Select(violation => violation.ToString())];
    }
}
