using System.Diagnostics.Metrics;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Resources;

/// <summary>What a silo leaves behind, and who takes it up.</summary>
public sealed class WatchdogRescueTests : IAsyncLifetime
{
    private readonly GrainWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WatchdogRescue Rescue => _world.Part<WatchdogRescue>();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_run_that_a_silo_left_open_is_closed_and_begun_anew_long_before_its_deadline()
    {
        var (key, uid) = await Abandoned("10.0.0.1:11111@1");
        var (other, otherUid) = await Abandoned("10.0.0.2:11111@1");
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        await Rescue.Rescue("10.0.0.1:11111@1", Cancellation);

        await Ended(uid);
        Assert.Equal((0, 1), (repairs.Reminders, repairs.Turns));
        Assert.NotNull(_world.Storage.Read<ResourceState<SearchClusterWork>>(other.ToString()).Run);
        Assert.DoesNotContain(_world.History.Of(otherUid), record => record.Outcome == RunOutcome.Interrupted);
        Assert.Null(_world.Storage.Read<ResourceState<SearchClusterWork>>(key.ToString()).Run);
    }

    [Fact]
    public async Task A_silo_that_starts_takes_up_what_all_silos_left_that_are_not_there_any_more()
    {
        var (_, first) = await Abandoned("10.0.0.1:11111@1");
        var (_, second) = await Abandoned(null);

        await Rescue.RescueAll(Cancellation);

        await Ended(first);
        await Ended(second);
    }

    [Fact]
    public async Task What_a_living_silo_wrote_is_left_alone()
    {
        var (key, _) = await Abandoned(_world.Part<ILocalSiloDetails>().SiloAddress.ToParsableString());
        var run = _world.Storage.Read<ResourceState<SearchClusterWork>>(key.ToString()).Run;

        await Rescue.RescueAll(Cancellation);

        Assert.NotNull(run);
        Assert.Equal(run, _world.Storage.Read<ResourceState<SearchClusterWork>>(key.ToString()).Run);
    }

    [Fact]
    public async Task A_rescue_that_the_storage_refuses_is_tried_again()
    {
        var (_, uid) = await Abandoned("10.0.0.1:11111@1");
        _world.Storage.Down = true;
        var rescue = Rescue.Rescue("10.0.0.1:11111@1", Cancellation);
        _world.Storage.Down = false;
        Assert.False(rescue.IsCompleted);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await rescue;

        await Ended(uid);
    }

    [Fact]
    public async Task When_a_silo_dies_the_other_goes_on_with_its_runs_at_once()
    {
        var (api, history, probe) = (new PretendApi(), new PretendHistory(), new PretendProbe { Facts = Facts.Green() });
        await using var cluster = await TestSilo.Start(
            TimeProvider.System,
            api,
            history,
            services => services.AddSearchClusters().AddSingleton<IClusterProbe>(probe).AddWatchdog(),
            silos: 2);
        var storage = cluster.GetSiloServiceProvider().GetRequiredService<PretendStorage>();
        var dying = cluster.Silos[1];
        probe.Hold();
        var uids = new Dictionary<string, string>();
        while (!uids.Keys.Any(key => storage.Index(key)!.Silo == dying.SiloAddress.ToParsableString()))
        {
            var (key, uid) = (new ResourceKey("prod", $"logs-{uids.Count}"), Guid.NewGuid().ToString());
            await cluster.Client.GetGrain<ISearchClusterGrain>(key.ToString()).Observe(api.Apply(key, GrainWorld.Spec("12h"), uid), Cancellation);
            uids.Add(key.ToString(), uid);
            await probe.Begun(uids.Count);
        }

        var left = uids.Single(one => storage.Index(one.Key)!.Silo == dying.SiloAddress.ToParsableString()).Value;

        await cluster.KillSiloAsync(dying, Cancellation);
        await probe.Begun(uids.Count + 1);
        probe.Release();

        var records = await history.Await(left, all => all.Count(r => r.Record is RecordKind.Check) == 2, "two checks");
        Assert.Equal(
            [RunOutcome.Interrupted, RunOutcome.Completed],
            records.Where(record => record.Record is RecordKind.Check).Select(record => record.Outcome));
        Unbroken.Assert(records);
    }

    private Task Ended(string uid) => _world.History.Await(
        uid,
        records => records.Where(r => r.Record is RecordKind.Check).Select(r => r.Outcome).SequenceEqual(
            [RunOutcome.Completed, RunOutcome.Interrupted, RunOutcome.Completed]),
        "the interrupted run and the one after it");

    /// <summary>A resource with an open run that nobody works on, as a silo leaves it whose process was killed.</summary>
    private async Task<(ResourceKey Key, string Uid)> Abandoned(string? silo)
    {
        var (key, uid) = (_world.NewKey(), Guid.NewGuid().ToString());
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await _world.Checked(key);
        _world.Probe.Hold();
        var asked = _world.Probe.Asked;
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(), uid, 1, ("run-now", "1")), Cancellation);
        await _world.Probe.Begun(asked + 1);
        await _world.Forget(key);
        _world.Probe.Release();
        _world.Storage.Reindex(key.ToString(), row => row with { Silo = silo });
        return (key, uid);
    }
}
