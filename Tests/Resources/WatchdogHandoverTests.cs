using ClusterGrains.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Resources;

/// <summary>Turns that are due while reminders move between silos.</summary>
public sealed class WatchdogHandoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly GrainWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WatchdogHandover Handover => _world.Part<WatchdogHandover>();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_turn_that_no_reminder_brought_is_taken_before_it_is_late()
    {
        await Running();
        var asked = _world.Probe.Asked;
        _world.Clock.Advance(Interval);

        Assert.Null(await Handover.Round(Cancellation));

        await _world.Probe.Begun(asked + 1);
    }

    [Fact]
    public async Task What_is_not_due_is_left_alone()
    {
        var key = await Running();
        var revision = _world.Storage.Index(key.ToString())!.Revision;

        Assert.Null(await Handover.Round(Cancellation));

        Assert.Equal(revision, _world.Storage.Index(key.ToString())!.Revision);
    }

    [Theory]
    [InlineData(SiloStatus.Active)]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Dead)]
    public async Task A_silo_that_comes_or_goes_begins_it(SiloStatus change)
    {
        await Running();
        var asked = _world.Probe.Asked;
        _world.Clock.Advance(Interval);
        var silo = SiloAddress.FromParsableString("10.0.0.1:11111@1");

        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        Handover.Participate(lifecycle);
        await lifecycle.OnStart(Cancellation);

        Handover.SiloStatusChangeNotification(silo, change);

        await _world.Probe.Begun(asked + 1);
        await lifecycle.OnStop(Cancellation);
    }

    private async Task<ResourceKey> Running()
    {
        var (key, uid) = (_world.NewKey(), Guid.NewGuid().ToString());
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await _world.Checked(key);
        return key;
    }
}
