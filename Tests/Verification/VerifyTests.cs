using System.Globalization;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Faults;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Verification;
using Microsoft.Data.Sqlite;

namespace ClusterGrains.Tests.Verification;

/// <summary>The command, beside a real silo process and after it.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task Beside_a_running_silo_and_after_it_all_is_as_it_must_be_and_nothing_is_changed()
    {
        await using var world = await Working();

        for (var look = 0; look < 3; look++)
        {
            Assert.Empty(await Lines(world));
        }

        await world.Faults.Delete("other");
        Assert.True(await world.Faults.Until(
            () => world.Faults.Told.Any(line => line.Contains("record=tombstone", StringComparison.Ordinal)), Cancellation));
        Assert.Empty(await Lines(world));

        await world.Faults.StopSilo(Cancellation);
        var before = Files(world);
        Assert.Empty(await Lines(world));
        Assert.Equal(before, Files(world));
    }

    [Fact]
    public async Task Whatever_is_broken_behind_its_back_is_told()
    {
        await using var world = await Working();
        await world.Faults.StopSilo(Cancellation);
        Assert.Empty(await Lines(world));

        Sql(world, "DELETE FROM reminder WHERE grainId = 'searchcluster/default/logs'");
        Sql(world, "UPDATE state SET claim = 'uuid/other' WHERE grainId = 'searchdataset/default/products'");
        Sql(world, "UPDATE state SET document = '{' WHERE grainId = 'searchcluster/default/other'");
        File.Delete(Directory.EnumerateFiles(Folder(world), "*-1-1-*.gz", SearchOption.AllDirectories)
            .First(file => file.Contains("searchdataset.default.products", StringComparison.Ordinal)));
        await world.Put("v0", "{}");
        await world.Post("_aliases", """{"actions": [{"add": {"index": "v0", "alias": "products"} }] }""");
        await world.Faults.Patch("logs/status", """{"status": {"verdict": "Unknown"}}""");
        await world.Faults.Patch("logs", """{"spec": {"schedule": {"staleAfter": "9m"}}}""");

        var lines = await Lines(world);
        Assert.All(
            [
                "Alias: SearchDataset default/products, alias products: expected products-",
                "Edit: SearchCluster default/logs, generation 2: expected a row that has adopted it, seen one of generation 1.",
                "Columns: SearchDataset default/products, claim: expected what the document says, seen 'uuid/other'",
                "Number: SearchDataset default/products, searchdataset.default.products.",
                "Reminder: SearchCluster default/logs, row: expected one every 00:00:01, seen none.",
                "Row: SearchCluster default/other, document: expected a state that can be read",
                "Status: SearchCluster default/logs, revision ",
            ],
            expected => Assert.Contains(lines, line => line.StartsWith(expected, StringComparison.Ordinal)));
        Assert.Equal(1, await Code(world));
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_told_apart_from_what_is_wrong()
    {
        await using var world = await Working();
        await world.Faults.StopSilo(Cancellation);
        (string Setting, string Told)[] cases =
        [
            ("--Storage:Sqlite:Path=nowhere/silo.db", "The storage could not be looked at: There is no "),
            ("--History:Uri=file:///nowhere/history", "The history could not be looked at: "),
            ("--Endpoints:AllowLoopback=false", "The alias of SearchDataset default/products in SearchCluster default/logs could not be looked at: "),
            ("--Kubernetes:Namespaces=elsewhere,", "3 rows, 0 live resources, "),
        ];

        foreach (var (setting, told) in cases)
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            var code = await VerifyHost.Run([.. Arguments(world), setting], output, Cancellation);

            Assert.StartsWith(told, output.ToString(), StringComparison.Ordinal);
            Assert.Equal(told[0] == '3' ? 0 : 2, code);
        }
    }

    [Fact]
    public async Task It_is_a_command_of_the_silo()
    {
        using var folder = new SiloFolder();
        await using var process = SiloProcess.Start(["verify", .. folder.Settings, "--Verify:Since=yesterday"]);

        var (code, errors) = await process.Ended(Cancellation);

        Assert.Equal(["Verify:Since is 'yesterday', which is not a day such as 2026-03-01."], errors);
        Assert.Equal(2, code);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A dataset with a version that readers see, and two clusters that are checked every second.</summary>
    private static async Task<DatasetWorld> Working()
    {
        var world = await DatasetWorld.Start(Cancellation, schedule: "interval: 1s");
        world.Faults.Create("other");
        world.Create("products");
        world.Source("products").Publish(Corpus.Of("v1", 1_000));
        world.Faults.StartSilo();
        await world.Promoted("products", "v1");
        await world.Faults.Shown("other", status => status["lastRun"] is not null);
        return world;
    }

    /// <summary>Violations and what could not be looked at.</summary>
    private static async Task<string[]> Lines(DatasetWorld world)
    {
        await using var verify = VerifyHost.Build(Arguments(world));
        var report = await verify.Verifier.Look([], Cancellation);
        Assert.True(report is { Rows: >= 3, Live: >= 2, Objects: > 0 });
        return [.. report.Lines().SkipLast(1)];
    }

    private static async Task<int> Code(DatasetWorld world) =>
        await VerifyHost.Run(Arguments(world), TextWriter.Null, Cancellation);

    private static string[] Arguments(DatasetWorld world) => [.. world.Faults.SiloArguments, "--Verify:Pause=1s", "--Verify:Open=true"];

    private static string Database(DatasetWorld world) =>
        world.Faults.SiloArguments.First(one => one.StartsWith("--Storage:Sqlite:Path=", StringComparison.Ordinal)).Split('=', 2)[1];

    private static string Folder(DatasetWorld world) => Path.GetDirectoryName(Database(world))!;

    private static (string, DateTime, long)[] Files(DatasetWorld world) =>
    [
        .. from file in new DirectoryInfo(Folder(world)).EnumerateFiles("*", SearchOption.AllDirectories)
           orderby file.FullName
           select (file.FullName, file.LastWriteTimeUtc, file.Length),
    ];

    private static void Sql(DatasetWorld world, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={Database(world)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
