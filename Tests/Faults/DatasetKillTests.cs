using System.Globalization;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Faults;

/// <summary>SIGKILLs at random moments of updates, version after version, while somebody searches the alias.</summary>
public sealed class DatasetKillTests(ITestOutputHelper output)
{
    private const string Name = "products";

    /// <summary>100 kills take some five minutes on two cores; every run of the tests does a few, from a seed of its own.</summary>
    private static int Kills => Number("CLUSTERGRAINS_TEST_KILLS") ?? 4;

    private static int Seed => Number("CLUSTERGRAINS_TEST_SEED") ?? Environment.TickCount & 0xFFFF;

    [Fact]
    public async Task Killed_again_and_again_every_version_is_promoted_once_and_readers_see_nothing_of_it()
    {
        var (seed, kills) = (Seed, Kills);
        output.WriteLine($"CLUSTERGRAINS_TEST_SEED={seed} CLUSTERGRAINS_TEST_KILLS={kills}");
        var random = new Random(seed);
        await using var world = await DatasetWorld.Start(Cancellation);
        var last = Version(1);
        world.Source(Name).Publish(last);
        world.Create(Name, """{"rollout": {"keepPrevious": 1}}""");
        world.Faults.StartSilo();
        Assert.True(await world.Faults.Until(() => world.Updates(Name) == 1, Cancellation));
        await using var reader = new AliasReader(world.Cluster.Url, Name, last);

        var versions = 1;
        for (var kill = 0; kill < kills; kill++)
        {
            // About as many effects as an update and a half have; each version is published once the one before is through.
            for (var effects = random.Next(1, 60); effects > 0; effects--)
            {
                if (world.Updates(Name) == versions)
                {
                    last = Version(++versions);
                    reader.Expect(last);
                    world.Source(Name).Publish(last);
                }

                Assert.True(await world.Faults.Next(Cancellation) is not null, "The silo ended by itself.");
            }

            await world.Faults.KillSilo(Cancellation);
            world.Faults.StartSilo();
        }

        Assert.True(await world.Faults.Until(() => world.Updates(Name) == versions, Cancellation));
        output.WriteLine($"{versions} versions, read {await reader.Verdict()} times");
        last.AssertArrived(world.Arrived(Name));
        AssertHistory(world, versions);
    }

    /// <summary>Each version once, all of them promoted, in their order.</summary>
    private static void AssertHistory(DatasetWorld world, int versions)
    {
        Assert.Equal(
            Enumerable.Range(1, versions).Select(number => (VersionName(number), UpdateResult.Promoted, (string?)null)), world.Ended(Name));
    }

    private static Corpus Version(int number) => Corpus.Of(VersionName(number), 150 + number % 7, padding: 2500);

    private static string VersionName(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:0000}");

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
