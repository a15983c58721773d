using System.Diagnostics.Metrics;
using ClusterGrains.Resources;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Resources;

/// <summary>Reminders against the index.</summary>
public sealed class WatchdogAuditTests : IAsyncLifetime
{
    private readonly GrainWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WatchdogAudit Audit => _world.Part<WatchdogAudit>();

    private WatchdogMetrics Metrics => _world.Part<WatchdogMetrics>();

    public async ValueTask InitializeAsync()
    {
        await _world.InitializeAsync();
        Assert.Equal(TimeSpan.Zero, Metrics.RoundAge);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task When_all_rows_agree_nothing_is_repaired()
    {
        await Running();
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());
        _world.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(await Audit.Round(Cancellation));

        Assert.Equal((0, 0, TimeSpan.Zero), (repairs.Reminders, repairs.Turns, Metrics.AuditAge));
    }

    [Fact]
    public async Task A_missing_reminder_is_registered_again_before_anybody_is_late()
    {
        var (key, _) = await Running();
        await _world.Reminders.RemoveRow(Grain(key), ResourceReminder.Name, (await Reminder(key))!.ETag!, Cancellation);
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        Assert.Null(await Audit.Round(Cancellation));

        Assert.Equal((1, 0), (repairs.Reminders, repairs.Turns));
        Assert.Equal(TimeSpan.FromMinutes(5), (await Reminder(key))!.Period);
    }

    [Fact]
    public async Task A_reminder_of_a_resource_that_is_gone_is_removed()
    {
        var key = _world.NewKey();
        await Register(Grain(key), ResourceReminder.Name);
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        Assert.Null(await Audit.Round(Cancellation));

        Assert.Null(await Reminder(key));
        Assert.Equal((1, 0), (repairs.Reminders, repairs.Turns));
    }

    [Fact]
    public async Task A_reminder_of_a_resource_whose_row_was_lost_brings_the_resource_back()
    {
        var (key, uid) = await Running();
        await _world.Forget(key);
        _world.Storage.Restore(key.ToString(), null);
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        Assert.Null(await Audit.Round(Cancellation));

        await _world.Api.Status(key, status => (int)status["history"]!["line"]! == 2 && status["lastRun"] is not null, "a check");
        Assert.Equal(uid, _world.Storage.Index(key.ToString())!.Uid);
        Assert.Equal((0, 1), (repairs.Reminders, repairs.Turns));
    }

    [Fact]
    public async Task Nobody_s_reminder_is_removed_while_the_API_server_cannot_say_whether_its_resource_is_gone()
    {
        var key = _world.NewKey();
        await Register(Grain(key), ResourceReminder.Name);
        _world.Api.Down = true;

        Assert.NotNull(await Audit.Round(Cancellation));

        Assert.NotNull(await Reminder(key));
    }

    [Fact]
    public async Task Reminders_that_this_version_does_not_know_are_told_and_left_alone()
    {
        var (key, _) = await Running();
        var stranger = GrainId.Create("someotherkind", "prod/logs");
        await Register(stranger, ResourceReminder.Name);
        await Register(Grain(key), "prune");
        await Register(GrainId.Create("searchcluster", "nonsense"), ResourceReminder.Name);

        Assert.Null(await Audit.Round(Cancellation));

        Assert.Equal(3, Metrics.UnknownReminders);
        Assert.NotNull(await _world.Reminders.ReadRow(stranger, ResourceReminder.Name, Cancellation));
        Assert.NotNull(await _world.Reminders.ReadRow(Grain(key), "prune", Cancellation));
    }

    [Fact]
    public async Task While_the_storage_is_down_no_comparison_counts()
    {
        await Running();
        _world.Storage.Down = true;
        _world.Clock.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAsync<DependencyException>(() => Audit.Round(Cancellation));

        Assert.Equal(TimeSpan.FromMinutes(5), Metrics.AuditAge);
    }

    private async Task<(ResourceKey Key, string Uid)> Running()
    {
        var (key, uid) = (_world.NewKey(), Guid.NewGuid().ToString());
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await _world.Checked(key);
        return (key, uid);
    }

    private GrainId Grain(ResourceKey key) => _world.Grain(key).GetGrainId();

    private Task<ReminderEntry?> Reminder(ResourceKey key) =>
        _world.Reminders.ReadRow(Grain(key), ResourceReminder.Name, Cancellation);

    private Task Register(GrainId grain, string name) => _world.Reminders.UpsertRow(
        new ReminderEntry
        {
            GrainId = grain,
            ReminderName = name,
            StartAt = _world.Clock.GetUtcNow().UtcDateTime.AddYears(10),
            Period = TimeSpan.FromMinutes(5),
        },
        Cancellation);
}
