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

    [Fact]
    public async Task Two_silos_on_a_database_go_on_where_one_on_a_file_was_stopped_amid_an_update()
    {
        await using var world = await FleetWorld.Start(new FleetOptions { Tell = output.WriteLine }, TestContext.Current.CancellationToken);
        var run = new ScenarioRun(world, output.WriteLine) { Strict = true };
        await run.Play(
            """
            start a silo
            create 10 clusters every 2s
            create 2 datasets every 2s
            publish to all datasets
            wait until settled
            delete 2 clusters
            hold the loads
            publish to all datasets
            wait until a load is held
            stop silo 1
            move the store
            release the loads
            start silo 1
            start silo 2
            wait until settled
            check invariants
            """,
            TestContext.Current.CancellationToken);
    }
}
