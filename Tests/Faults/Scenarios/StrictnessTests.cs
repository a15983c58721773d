namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>What a scenario must not let pass.</summary>
public sealed class StrictnessTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_ends_by_itself_fails_the_scenario()
    {
        await using var world = await Settled();
        var silo = world.Silos.All[0];

        await silo.Signal("KILL", Cancellation);
        await silo.Ended.WaitAsync(Cancellation);

        Assert.StartsWith("line 1: wait until checked: silo 1 ended by itself with 137:", await Failure(world, "wait until checked"), StringComparison.Ordinal);
        await Play(world, "wait until checked");
    }

    [Fact]
    public async Task What_is_wrong_is_found_while_the_API_server_is_away_and_what_should_answer_and_does_not_is_wrong()
    {
        await using var world = await Settled();
        // A record leaves its outbox with the write after its delivery: the first ones have, once there was another check.
        await Play(world, "wait until checked\nstop silo 1");
        var history = new Uri(world.History.Options.Uri).LocalPath;
        var record = Directory.EnumerateFiles(history, "*-1-1-*.json.gz", SearchOption.AllDirectories).First();

        File.Move(record, record + ".away");
        Assert.Contains("Number: ", await Failure(world, "stop the API"), StringComparison.Ordinal);
        File.Move(record + ".away", record);
        await Play(world, "start the API");

        Directory.Move(history, history + ".away");
        await File.WriteAllTextAsync(history, "", Cancellation);
        Assert.Contains("The history could not be looked at", await Failure(world, "wait 1ms"), StringComparison.Ordinal);
    }

    private async Task<FleetWorld> Settled()
    {
        var world = await FleetWorld.Start(new FleetOptions { Tell = output.WriteLine }, Cancellation);
        await Play(
            world,
            """
            start a silo
            create 2 clusters every 1s
            wait until settled
            """);
        return world;
    }

    private Task Play(FleetWorld world, string scenario) =>
        new ScenarioRun(world, output.WriteLine) { Strict = true }.Play(scenario, Cancellation);

    private async Task<string> Failure(FleetWorld world, string step) =>
        (await Assert.ThrowsAsync<ScenarioException>(() => Play(world, step))).Message;
}
