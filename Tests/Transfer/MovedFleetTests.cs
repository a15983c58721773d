using ClusterGrains.Datasets;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Faults;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.MongoDouble;

namespace ClusterGrains.Tests.Transfer;

/// <summary>Real silos whose storage is moved under their feet: from a file to a database that silos share, and back.</summary>
public sealed class MovedFleetTests(DoubledMongo server) : IClassFixture<DoubledMongo>
{
    private const string Name = "products";

    /// <summary>Documents that are in the first of three files of a version.</summary>
    private const int FirstFile = 50;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_update_in_progress_goes_on_in_the_other_storage_and_no_number_is_missing_there_and_back()
    {
        using var folder = new TestFolder();
        await using var world = await DatasetWorld.Start(Cancellation, schedule: "interval: 1s");
        world.Faults.Create("other");
        world.Create(Name, """{"load": {"workers": 1}}""");
        await Publish(world, "v1");

        var there = await StopAmidUpdate(world, "v2");
        await Move(world, Path.Combine(folder.Path, "there.ndjson.gz"),
        [
            "--Storage:Provider=MongoDb",
            $"--Storage:MongoDb:ConnectionString={server.ConnectionString}",
            $"--Storage:MongoDb:Database={server.NewDatabase()}",
        ]);
        await GoOn(world, "v2", there);

        var back = await StopAmidUpdate(world, "v3");
        await Move(world, Path.Combine(folder.Path, "back.ndjson.gz"),
        [
            "--Storage:Provider=Sqlite",
            $"--Storage:Sqlite:Path={Path.Combine(folder.Path, "moved.db")}",
        ]);
        await GoOn(world, "v3", back);

        await world.Faults.StopSilo(Cancellation);
        Assert.Equal(
            [("v1", UpdateResult.Promoted, null), ("v2", UpdateResult.Promoted, null), ("v3", UpdateResult.Promoted, null)],
            world.Ended(Name));
        Assert.All(world.Faults.Records(), record => Assert.Equal(1, record.Line));
    }

    private static async Task Publish(DatasetWorld world, string version)
    {
        world.Source(Name).Publish(Version(version));
        world.Faults.StartSilo();
        await world.Promoted(Name, version);
        await world.Faults.Shown("other", status => status["lastRun"] is not null);
    }

    /// <summary>The index that is being filled, of which a checkpoint stored that the first file is there.</summary>
    private static async Task<string> StopAmidUpdate(DatasetWorld world, string version)
    {
        using var gate = new BulkGate(world.Cluster, Name, passing: 4);
        world.Source(Name).Publish(Version(version));
        await gate.Arrived.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        var status = await world.Shown(Name, status => (int?)status["candidate"]?["filesDone"] == 1);
        await world.Faults.StopSilo(Cancellation);
        return (string)status["candidate"]!["index"]!;
    }

    private static async Task Move(DatasetWorld world, string file, string[] target)
    {
        Assert.Equal(0, await TransferHost.Run([TransferHost.Export, file, .. world.Faults.SiloArguments], TextWriter.Null, Console.Error, Cancellation));
        foreach (var setting in target)
        {
            world.Faults.Settings.Add(setting);
        }

        Assert.Equal(0, await TransferHost.Run([TransferHost.Import, file, .. world.Faults.SiloArguments], TextWriter.Null, Console.Error, Cancellation));
        await world.Faults.AssertInvariants();
    }

    private static async Task GoOn(DatasetWorld world, string version, string index)
    {
        var checkedBefore = (string?)(await world.Faults.Get("other")).Json["status"]!["lastRun"]!["runId"];
        world.Faults.StartSilo();
        await world.Promoted(Name, version);
        await world.Faults.Shown("other", status => (string?)status["lastRun"]?["runId"] != checkedBefore);

        // The same index, and what a checkpoint had stored was not sent again.
        var promoted = Assert.Single(world.Behind(Name));
        Assert.Equal(index, promoted.Name);
        Assert.All(Enumerable.Range(0, FirstFile), number => Assert.Equal(1, promoted.Documents.Find(Corpus.Id(number))?.Received));
        Version(version).AssertArrived(world.Arrived(Name));
        await using var verify = VerifyHost.Build([.. world.Faults.SiloArguments, "--Verify:Pause=1s", "--Verify:Open=true"]);
        var report = await verify.Verifier.Look(world.Faults.Opened, Cancellation);
        Assert.Empty(report.Lines().SkipLast(1));
        Assert.Equal((3, 3), (report.Rows, report.Live));
    }

    private static Corpus Version(string name) => Corpus.Of(name, 3 * FirstFile, padding: 3000);
}
