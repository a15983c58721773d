using System.Diagnostics.Metrics;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Resources;

/// <summary>Rounds of the watchdog, each of them the test's own.</summary>
public sealed class WatchdogTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly GrainWorld _world = new() { MaxChecks = 1 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Watchdog Watchdog => _world.Part<Watchdog>();

    private WatchdogMetrics Metrics => _world.Part<WatchdogMetrics>();

    public async ValueTask InitializeAsync()
    {
        await _world.InitializeAsync();
        Assert.Equal(TimeSpan.Zero, Metrics.RoundAge);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Fifty_resources_whose_reminders_were_deleted_run_again_within_two_intervals_and_are_counted()
    {
        var keys = new List<ResourceKey>();
        for (var i = 0; i < 50; i++)
        {
            keys.Add((await Running()).Key);
        }

        foreach (var key in keys)
        {
            await RemoveReminder(key);
        }

        var asked = _world.Probe.Asked;
        using var repairs = Count();

        _world.Clock.Advance(2 * Interval);
        Assert.Null(await Watchdog.Round(Cancellation));

        await _world.Probe.Begun(asked + 50);
        Assert.Equal((50, 50), (repairs.Reminders, repairs.Turns));
        foreach (var key in keys)
        {
            Assert.NotNull(await Reminder(key));
        }
    }

    [Fact]
    public async Task What_is_not_late_is_left_alone_and_what_the_next_tick_does_is_no_repair()
    {
        var (key, _) = await Running();
        using var repairs = Count();

        _world.Clock.Advance(Interval);
        Assert.Null(await Watchdog.Round(Cancellation));
        Assert.Equal(0, Metrics.Late);

        Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));
        Assert.Equal((0, 0), (repairs.Reminders, repairs.Turns));
    }

    [Fact]
    public async Task A_resource_that_cannot_retire_for_the_store_is_down_is_neither_late_nor_repaired_and_written_once_a_tick()
    {
        var (key, uid) = await Running();
        _world.History.Down = true;
        _world.Api.Delete(key);
        await _world.Grain(key).Vanished(uid, Cancellation);
        await _world.Storage.Signal.Await(
            () => _world.Storage.Read<ResourceState<SearchClusterWork>>(key.ToString()).HistoryFailure, "the failure");
        using var repairs = Count();

        for (var tick = 0; tick < 4; tick++)
        {
            _world.Clock.Advance(Interval);
            var revision = Row(key).Revision;
            Assert.Null(await Watchdog.Round(Cancellation));
            Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));
            Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));
            Assert.Equal(revision + 1, Row(key).Revision);
            Assert.True(Row(key).NextDue > _world.Clock.GetUtcNow());
        }

        Assert.Equal((0, 0, 0), (repairs.Reminders, repairs.Turns, Metrics.Late));
        _world.History.Down = false;
        await _world.Grain(key).Wake(Cancellation);
        await _world.History.Await(uid, records => records is [.., { Record: RecordKind.Tombstone }], "the tombstone");
    }

    [Fact]
    public async Task A_run_that_waits_for_its_place_is_not_late_nor_repaired_and_its_old_verdict_is_not_kept()
    {
        var (key, _) = await Running();
        using var place = await _world.Part<RunAdmission>().Enter(Cancellation);
        using var repairs = Count();

        for (var tick = 0; tick < 4; tick++)
        {
            _world.Clock.Advance(Interval);
            Assert.Null(await Watchdog.Round(Cancellation));
            Assert.Equal(0, Metrics.Late);
            Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));
            Assert.Equal(_world.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), Row(key).NextDue);
        }

        await _world.Api.Status(key, status => (string?)status["verdict"] == "Unknown", "Unknown");
        Assert.Equal((0, 0), (repairs.Reminders, repairs.Turns));
    }

    [Fact]
    public async Task A_run_that_waits_for_its_place_without_any_tick_is_given_time_by_the_watchdog_and_its_verdict_turns_Unknown()
    {
        var (key, _) = await Running();
        using var place = await _world.Part<RunAdmission>().Enter(Cancellation);
        _world.Clock.Advance(Interval);
        await _world.Grain(key).Wake(Cancellation);
        using var repairs = Count();

        _world.Clock.Advance(3 * Interval);
        Assert.Null(await Watchdog.Round(Cancellation));
        Assert.Null(await Watchdog.Round(Cancellation));

        Assert.Equal((0, 0, 0), (repairs.Reminders, repairs.Turns, Metrics.Late));
        await _world.Api.Status(key, status => (string?)status["verdict"] == "Unknown", "Unknown");
    }

    [Fact]
    public async Task A_refused_spec_waits_for_nothing_and_is_never_late()
    {
        var key = _world.NewKey();
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec("5s"), Guid.NewGuid().ToString()), Cancellation);
        using var repairs = Count();

        for (var hour = 0; hour < 3; hour++)
        {
            _world.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Null(await Watchdog.Round(Cancellation));
            Assert.Equal(Repairs.None, await _world.Grain(key).Wake(Cancellation));
        }

        Assert.Equal((0, 0, 0), (repairs.Reminders, repairs.Turns, Metrics.Late));
        await RemoveReminder(key);
        Assert.Equal(Repairs.Reminder, await _world.Grain(key).Wake(Cancellation));
    }

    [Fact]
    public async Task A_verdict_turns_Unknown_by_the_watchdog_alone_when_checks_never_end_and_no_reminder_ticks()
    {
        var (key, _) = await Running();
        _world.Probe.Hold();
        var asked = _world.Probe.Asked;
        _world.Clock.Advance(Interval);
        await _world.Grain(key).Wake(Cancellation);
        await _world.Probe.Begun(asked + 1);
        await _world.Forget(key);

        _world.Clock.Advance(3 * Interval);
        Assert.Null(await Watchdog.Round(Cancellation));

        var status = await _world.Api.Status(key, shown => (string?)shown["verdict"] == "Unknown", "Unknown");
        Assert.StartsWith("No answer since", (string?)status["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retired_row_is_purged_when_its_week_is_over_and_that_is_no_repair()
    {
        var (key, uid) = await Running();
        _world.Api.Delete(key);
        await _world.Grain(key).Vanished(uid, Cancellation);
        await _world.Storage.Signal.Await(() => Row(key) is { Phase: "Retired" } row ? row : null, "Retired");
        using var repairs = Count();

        _world.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Null(await Watchdog.Round(Cancellation));

        Assert.Null(_world.Storage.Index(key.ToString()));
        Assert.Equal((0, 0, 0), (repairs.Reminders, repairs.Turns, Metrics.Late));
    }

    [Fact]
    public async Task While_the_storage_is_down_no_round_counts()
    {
        await Running();
        Assert.Null(await Watchdog.Round(Cancellation));
        _world.Storage.Down = true;
        _world.Clock.Advance(TimeSpan.FromMinutes(3));

        await Assert.ThrowsAsync<DependencyException>(() => Watchdog.Round(Cancellation));

        Assert.Equal(TimeSpan.FromMinutes(3), Metrics.RoundAge);
        _world.Storage.Down = false;
        Assert.Null(await Watchdog.Round(Cancellation));
        Assert.Equal(TimeSpan.Zero, Metrics.RoundAge);
    }

    [Fact]
    public async Task A_resource_that_cannot_be_woken_is_told_and_is_no_watchdog_that_stands()
    {
        var (key, _) = await Running();
        _world.Clock.Advance(2 * Interval);
        _world.Storage.Around = (_, _) => throw new IOException("The disk is full.");

        var problem = await Watchdog.Round(Cancellation);

        Assert.Contains($"resources could not be woken, for example SearchCluster {key}", problem, StringComparison.Ordinal);
        Assert.Equal((1, TimeSpan.Zero), (Metrics.Late, Metrics.RoundAge));
        _world.Storage.Around = null;
        Assert.Null(await Watchdog.Round(Cancellation));
    }

    [Fact]
    public void Ages_begin_with_the_process()
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(30));

        var age = TimeSpan.FromSeconds(30);
        Assert.Equal((age, age, age), (Metrics.RoundAge, Metrics.AuditAge, Metrics.RunAge(SearchClusters.Kind)));
    }

    [Fact]
    public async Task The_age_of_runs_begins_anew_with_each_that_is_completed_and_with_no_other()
    {
        var (key, _) = await Running();
        _world.Clock.Advance(Interval);
        _world.Probe.Hold();
        var asked = _world.Probe.Asked;
        await _world.Grain(key).Wake(Cancellation);
        await _world.Probe.Begun(asked + 1);
        await _world.Forget(key);
        await _world.Grain(key).Wake(Cancellation);

        Assert.Equal(Interval, Metrics.RunAge(SearchClusters.Kind));
    }

    private RepairCount Count() => new(_world.Part<IMeterFactory>());

    private IndexRow Row(ResourceKey key) => _world.Storage.Index(key.ToString())!;

    private async Task<(ResourceKey Key, string Uid)> Running()
    {
        var (key, uid) = (_world.NewKey(), Guid.NewGuid().ToString());
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await _world.Checked(key);
        return (key, uid);
    }

    private Task<ReminderEntry?> Reminder(ResourceKey key) =>
        _world.Reminders.ReadRow(_world.Grain(key).GetGrainId(), ResourceReminder.Name, Cancellation);

    private async Task RemoveReminder(ResourceKey key)
    {
        var row = await Reminder(key);
        Assert.True(await _world.Reminders.RemoveRow(row!.GrainId, row.ReminderName, row.ETag!, Cancellation));
    }
}
