using System.Globalization;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Faults;

/// <summary>What a team sees of its dataset over some days: a version, the next one, a way back, and on again.</summary>
internal static class Rollout
{
    private const string Name = "products";

    /// <summary>A million take some two minutes on two cores; every run of the tests takes fewer.</summary>
    public static int Documents { get; } = int.Parse(
        Environment.GetEnvironmentVariable("CLUSTERGRAINS_TEST_DOCUMENTS") ?? "50000", CultureInfo.InvariantCulture);

    /// <param name="spec">Of the dataset, as far as it differs.</param>
    /// <param name="publish">Puts a version where the spec says.</param>
    public static async Task Follow(DatasetWorld world, string spec, Func<Corpus, Task> publish)
    {
        var (first, second) = (Corpus.Of("2026-11-20", Documents, files: 7), Corpus.Of("2026-11-21", Documents + 500, padding: 20, files: 8));
        await publish(first);
        world.Create(Name, spec);
        world.Faults.StartSilo();
        await Promoted(world, first, updates: 1);
        await using var reader = new AliasReader(world.Cluster.Url, Name, first, second);

        await publish(second);
        await Promoted(world, second, updates: 2);
        await world.Edit(Name, $$$"""{"rollout": {"pin": "{{{first.Version}}}"}}""");
        await Promoted(world, first, updates: 3);
        await world.Edit(Name, """{"rollout": {"pin": null}}""");
        await Promoted(world, second, updates: 4);

        var reads = await reader.Verdict();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Documents} and {Documents + 500} documents; the alias was read {reads} times; {world.Faults.SiloMemory()}");
    }

    public static (string, UpdateResult, string?)[] Ended { get; } =
    [
        ("2026-11-20", UpdateResult.Promoted, null),
        ("2026-11-21", UpdateResult.Promoted, null),
        ("2026-11-20", UpdateResult.RolledBack, null),
        ("2026-11-21", UpdateResult.Promoted, null),
    ];

    private static async Task Promoted(DatasetWorld world, Corpus version, int updates)
    {
        var status = await world.Promoted(Name, version.Version);
        Assert.Equal(version.Documents.Count, (int)status["published"]!["docs"]!);
        var arrived = Assert.Single(world.Behind(Name)).Documents.All();
        Assert.All(arrived, document => Assert.Equal(1, document.Received));
        version.AssertArrived(world.Arrived(Name));
        Assert.True(await world.Faults.Until(() => world.Updates(Name) == updates, TestContext.Current.CancellationToken));
    }
}
