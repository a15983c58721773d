using System.Globalization;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// A random schedule of faults, some twenty seconds in every run of the tests, from a seed of its own.
/// <c>CLUSTERGRAINS_TEST_SOAK</c> (minutes) and <c>CLUSTERGRAINS_TEST_SEED</c> make it longer and repeat it.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private static TimeSpan Duration => Number("CLUSTERGRAINS_TEST_SOAK") is { } minutes
        ? TimeSpan.FromMinutes(minutes)
        : TimeSpan.FromSeconds(20);

    private static int Seed => Number("CLUSTERGRAINS_TEST_SEED") ?? Environment.TickCount & 0xFFFF;

    [Fact]
    public async Task Whatever_fails_in_whichever_order_the_invariants_hold()
    {
        var seed = Seed;
        output.WriteLine($"CLUSTERGRAINS_TEST_SEED={seed}");
        await using var world = await FleetWorld.Start(
            new FleetOptions { Tell = output.WriteLine, Several = true, DiskMebibytes = SmallDisk.CanMount() ? 256 : 0 },
            TestContext.Current.CancellationToken);
        var run = new ScenarioRun(world, output.WriteLine) { Strict = true };
        try
        {
            await new Soak(world, run, seed, silos: 3).Run(Duration, clusters: 15, datasets: 2, TestContext.Current.CancellationToken);
        }
        catch (ScenarioException failure)
        {
            Assert.Fail($"{failure.Message}\nThe script so far (seed {seed}):\n{run.Script}");
        }
    }

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : null;
}
