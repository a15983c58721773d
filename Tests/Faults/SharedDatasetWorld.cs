namespace ClusterGrains.Tests.Faults;

/// <summary>
/// One world with a silo process for all tests of a class, one after the other: a start of a silo costs more than what is
/// tested. Each test has a dataset, an alias and a source of its own.
/// </summary>
public sealed class SharedDatasetWorld : IAsyncLifetime
{
    private int _names;

    internal DatasetWorld World { get; private set; } = null!;

    public string NewName() => $"d{++_names}";

    public async ValueTask InitializeAsync()
    {
        World = await DatasetWorld.Start(TestContext.Current.CancellationToken, schedule: "interval: 1s");
        World.Faults.StartSilo();
    }

    /// <summary>
    /// Follows the silo until it died once and something holds, whichever comes first; the next silo is started when it died.
    /// </summary>
    internal async Task FollowPastTheDeath(Func<bool> holds)
    {
        var died = false;
        while (!died || !holds())
        {
            if (await World.Faults.Next(TestContext.Current.CancellationToken) is null)
            {
                // Orleans gives up a start for which a busy machine has no time; whoever runs silos starts them again.
                Assert.False(died && World.Faults.IsRunning, "The silo that was not armed died too.");
                died = true;
                World.Faults.StartSilo();
            }
        }
    }

    /// <summary>Follows the silo until something holds; one that an earlier test left dead is replaced.</summary>
    internal async Task Follow(Func<bool> holds)
    {
        World.Faults.Arm(CrashPoint.None);
        if (!await World.Faults.Until(holds, TestContext.Current.CancellationToken))
        {
            World.Faults.StartSilo();
            Assert.True(await World.Faults.Until(holds, TestContext.Current.CancellationToken), "The silo ended by itself.");
        }
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
