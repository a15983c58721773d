namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>What happens to a fleet, told in sentences; judged by invariants and by coming to rest, never by a clock.</summary>
public sealed class ScenarioTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_silo_alone_outlives_what_fails_around_it()
    {
        await using var world = await FleetWorld.Start(
            new FleetOptions { Tell = output.WriteLine, DiskMebibytes = SmallDisk.CanMount() ? 64 : 0 }, TestContext.Current.CancellationToken);
        var run = new ScenarioRun(world, output.WriteLine) { Strict = true };
        await run.Play(
            """
            start a silo
            create 12 clusters every 1s
            create 2 datasets every 1s
            publish to all datasets
            stop the history
            edit 3 clusters
            delete 2 clusters
            kill the relay's silo
            start silo 1
            start the history
            stop the API
            wait 1s
            start the API
            recreate 2 clusters
            publish to all datasets
            answer 3 API requests with 429
            answer 3 API requests with 500
            restart all silos one by one
            wait until settled
            check invariants
            """,
            TestContext.Current.CancellationToken);
    }
}
