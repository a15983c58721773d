using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Runs of datasets that take their time, as the watchdog sees them.</summary>
public sealed class LongRunTests : IAsyncLifetime
{
    private readonly DatasetWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Watchdog Watchdog => _world.Part<Watchdog>();

    private WatchdogMetrics Metrics => _world.Part<WatchdogMetrics>();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_run_that_reports_in_time_is_never_late_however_long_it_takes()
    {
        var (key, run) = await Started();

        for (var report = 0; report < 20; report++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(4.9));
            Assert.Null(await Watchdog.Round(Cancellation));
            Assert.Equal(0, Metrics.Late);
            Assert.True(await run.Checkpoint(Loading(run)));
        }

        Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));
        Assert.Equal(1, _world.Updates.Begun(key));
    }

    [Fact]
    public async Task A_run_that_says_nothing_any_more_is_given_up_and_the_next_attempt_goes_on_from_its_checkpoint()
    {
        var (key, run) = await Started();
        Assert.True(await run.Checkpoint(Loading(run)));
        _world.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Null(await Watchdog.Round(Cancellation));

        var next = await _world.Updates.Next(key);
        Assert.Equal((run.Run.RunId, 2), (next.Run.RunId, next.Run.Attempt));
        Assert.True(run.Budget.IsCancellationRequested);
        Assert.False(await run.Checkpoint(Loading(run)));
        Assert.True(await next.Checkpoint(Loading(next)));
        Assert.Null(await Watchdog.Round(Cancellation));
        Assert.Equal((0, 2), (Metrics.Late, _world.Updates.Begun(key)));
    }

    [Fact]
    public async Task A_run_that_is_silent_only_since_its_deadline_is_given_its_grace()
    {
        var (key, run) = await Started();
        _world.Clock.Advance(TimeSpan.FromMinutes(5.9));

        Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));

        Assert.True(await run.Checkpoint(Loading(run)));
    }

    private async Task<(ResourceKey Key, ScriptedRun Run)> Started()
    {
        Assert.Equal(TimeSpan.Zero, Metrics.RoundAge);
        var key = _world.NewKey();
        await _world.Grain(key).Observe(_world.Api.Apply(key, DatasetWorld.Spec(), Guid.NewGuid().ToString()), Cancellation);
        return (key, await _world.Updates.Next(key));
    }

    private DatasetLedger Loading(ScriptedRun run) => Ledgers.Looked(_world.Clock.GetUtcNow(), "v1") with
    {
        Published = Ledgers.Published("v1"),
        Candidate = Ledgers.Candidate(run.Run.RunId) with { MovedAt = _world.Clock.GetUtcNow() },
    };
}
