using ClusterGrains.History;

namespace ClusterGrains.Tests.Faults;

public sealed class KillTests(ITestOutputHelper output)
{
    private const int Resources = 20;

    /// <summary>
    /// 200 kills take some ten minutes on two cores; every run of the tests does a few, from a seed of its own.
    /// </summary>
    private static int Kills => int.Parse(
        Environment.GetEnvironmentVariable("CLUSTERGRAINS_TEST_KILLS") ?? "6", System.Globalization.CultureInfo.InvariantCulture);

    private static int Seed => int.Parse(
        Environment.GetEnvironmentVariable("CLUSTERGRAINS_TEST_SEED") ?? $"{Environment.TickCount & 0xFFFF}",
        System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_again_and_again_under_load_the_history_has_no_hole_and_no_run_without_an_end()
    {
        var seed = Seed;
        output.WriteLine($"CLUSTERGRAINS_TEST_SEED={seed} CLUSTERGRAINS_TEST_KILLS={Kills}");
        var random = new Random(seed);
        await using var world = await FaultWorld.Start(Cancellation);
        foreach (var number in Enumerable.Range(0, Resources))
        {
            world.Create($"logs-{number}");
        }

        for (var kill = 0; kill < Kills; kill++)
        {
            world.StartSilo();
            var (told, until) = (0, random.Next(1, 120));
            Assert.True(await world.Until(() => told++ >= until, Cancellation), "The silo ended by itself.");
            await Disturb(world, random);
            await world.KillSilo(Cancellation);
        }

        await Bury(world);
        output.WriteLine($"{world.Opened.Count} runs, {world.Records().Count} records");
        await world.AssertInvariants();
    }

    /// <summary>Between two kills somebody may also delete, create again or edit.</summary>
    private static async Task Disturb(FaultWorld world, Random random)
    {
        var name = $"logs-{random.Next(Resources)}";
        switch (random.Next(4))
        {
            case 0:
                await world.Delete(name);
                world.Create(name);
                break;
            case 1:
                await world.Edit(name);
                break;
        }
    }

    private static async Task Bury(FaultWorld world)
    {
        world.StartSilo();
        Assert.True(await world.Until(() => world.Opened.Count > 0, Cancellation));
        foreach (var number in Enumerable.Range(0, Resources))
        {
            await world.Delete($"logs-{number}");
        }

        Assert.True(await world.Until(world.AllBuried, Cancellation));
        await world.KillSilo(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
