namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// Three silos on one store, set up as the overlay for several says, for all tests of a class, one after the other: each leaves the
/// fleet whole and at rest.
/// </summary>
public sealed class SharedFleet : IAsyncLifetime
{
    internal FleetWorld World { get; private set; } = null!;

    internal OverlayFleet Overlay { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        World = await FleetWorld.Start(
            new FleetOptions
            {
                Several = true,
                DiskMebibytes = SmallDisk.CanMount() ? 64 : 0,
                Settings = Overlay.Settings,
                Users = [OverlayFleet.Reader],
            },
            cancellation);
        await new ScenarioRun(World, _ => { }).Play(
            """
            start 3 silos
            create 20 clusters every 2s
            create 3 datasets every 2s
            publish to all datasets
            wait until settled
            """,
            cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        Overlay.Dispose();
    }
}
