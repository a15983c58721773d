using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

public sealed class ResourceGrainTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    [Fact]
    public async Task A_new_resource_is_checked_at_once_and_its_record_is_stored_before_its_status_shows_it()
    {
        var key = world.NewKey();
        var uid = Uid();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);

        var status = await world.Checked(key);

        Assert.Equal("Healthy", Text(status["verdict"]));
        Assert.Equal("True", Condition(status, "Ready"));
        Assert.Equal(Text(status["history"]!["lastKey"]), Key(world.History.Of(uid)[^1]));
        var check = Assert.Single(world.History.Of(uid), record => record.Record is RecordKind.Check);
        Assert.Equal((RunOutcome.Completed, "Healthy", Text(status["lastRun"]!["runId"])), (check.Outcome, check.Verdict, check.RunId));
    }

    [Fact]
    public async Task A_replayed_manifest_causes_no_run_and_no_status_write()
    {
        var (key, _, manifest) = await Running();
        var (asked, writes) = (world.Probe.Asked, world.Api.StatusWrites(key));

        await world.Grain(key).Observe(manifest, Cancellation);
        await world.Grain(key).Observe(manifest, Cancellation);
        await world.Grain(key).Wake(Cancellation);

        Assert.Equal((asked, writes), (world.Probe.Asked, world.Api.StatusWrites(key)));
    }

    [Fact]
    public async Task An_edit_is_acknowledged_while_a_check_hangs_and_causes_one_more_check_after_it()
    {
        var key = world.NewKey();
        var uid = Uid();
        var asked = world.Probe.Asked;
        world.Probe.Hold();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Probe.Begun(asked + 1);

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("10m"), uid, generation: 2), Cancellation);
        var shown = await world.Api.Status(key, s => (long)s["observedGeneration"]! == 2, "the edit in the status");

        Assert.Null(shown["lastRun"]);
        world.Probe.Release();
        await world.History.Await(uid, records => records.Count(r => r.Record is RecordKind.Check) == 2, "two checks");
    }

    [Fact]
    public async Task Ticks_within_one_slot_run_nothing_and_many_missed_slots_run_once()
    {
        var (key, uid, _) = await Running();
        var checks = Checks(uid);

        await world.Grain(key).Wake(Cancellation);
        Assert.Equal(checks, Checks(uid));

        world.Clock.Advance(TimeSpan.FromHours(2));
        await world.Grain(key).Wake(Cancellation);
        await world.History.Await(uid, _ => Checks(uid) == checks + 1, "one more check");
        await world.Grain(key).Wake(Cancellation);
        Assert.Equal(checks + 1, Checks(uid));
    }

    [Fact]
    public async Task The_status_shows_the_newest_check_and_not_the_one_before()
    {
        var (key, _, _) = await Running();

        for (var slot = 0; slot < 3; slot++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(5));
            var now = world.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
            await world.Grain(key).Wake(Cancellation);
            await world.Api.Status(key, s => Text(s["lastRun"]!["finishedAt"]) == now, "this check");
        }
    }

    [Fact]
    public async Task An_edit_is_shown_at_once_although_the_status_before_it_could_not_be_written()
    {
        var (key, uid, _) = await Running();
        world.Api.Down = true;
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("6m"), uid, generation: 2), Cancellation);
        await world.Api.Refused(key);
        world.Api.Down = false;

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("7m"), uid, generation: 3), Cancellation);

        await world.Api.Status(key, s => (long)s["observedGeneration"]! == 3, "the edit, under a clock that stands");
    }

    [Fact]
    public async Task Run_now_runs_once_for_each_new_value()
    {
        var (key, uid, _) = await Running();
        var checks = Checks(uid);

        var asked = world.Api.Apply(key, GrainWorld.Spec(), uid, 1, ("run-now", "1"));
        await world.Grain(key).Observe(asked, Cancellation);
        await world.History.Await(uid, _ => Checks(uid) == checks + 1, "the check asked for");
        await world.Grain(key).Observe(asked, Cancellation);
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid, 1, ("run-now", "1"), ("note", "x")), Cancellation);

        Assert.Equal(checks + 1, Checks(uid));
    }

    [Fact]
    public async Task A_suspended_resource_runs_nothing_and_says_so()
    {
        var (key, uid, _) = await Running();
        var checks = Checks(uid);

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(more: ""","suspend":true"""), uid, 2), Cancellation);
        var status = await world.Api.Status(key, s => Text(s["verdict"]) == "Suspended", "Suspended");
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.Grain(key).Wake(Cancellation);

        Assert.Null(status["nextRun"]);
        Assert.Equal(checks, Checks(uid));
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid, 3), Cancellation);
        await world.Api.Status(key, s => Text(s["verdict"]) == "Healthy", "Healthy again");
    }

    [Fact]
    public async Task A_resource_created_again_under_its_name_starts_afresh_and_the_old_one_has_its_tombstone()
    {
        var (key, old, _) = await Running();
        world.Probe.Facts = Facts.Red();
        world.Api.Delete(key);
        var uid = Uid();

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        var status = await world.Checked(key);

        await world.History.Await(old, records => records is [.., { Record: RecordKind.Tombstone }], "the tombstone");
        Assert.Equal(1, world.History.Of(uid)[0].Seq);
        Assert.Equal("Critical", Text(status["verdict"]));
        AssertUnbroken(old);
        AssertUnbroken(uid);
    }

    [Fact]
    public async Task Late_events_of_a_dead_uid_change_nothing()
    {
        var (key, old, late) = await Running();
        world.Api.Delete(key);
        var uid = Uid();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        var stored = world.History.Of(old).Count;

        await world.Grain(key).Observe(late, Cancellation);
        await world.Grain(key).Vanished(old, Cancellation);

        Assert.Equal(uid, world.Storage.Index(key.ToString())!.Uid);
        Assert.Equal("Active", world.Storage.Index(key.ToString())!.Phase);
        Assert.Equal(stored, world.History.Of(old).Count);
    }

    [Fact]
    public async Task A_deleted_resource_retires_with_a_tombstone_and_no_late_event_brings_it_back()
    {
        var (key, uid, late) = await Running();
        world.Api.Delete(key);

        await world.Grain(key).Vanished(uid, Cancellation);
        await world.History.Await(uid, records => records is [.., { Record: RecordKind.Tombstone }], "the tombstone");
        await Retired(key);
        var records = world.History.Of(uid).Count;
        await world.Grain(key).Observe(late, Cancellation);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.Grain(key).Wake(Cancellation);

        Assert.Equal("Retired", world.Storage.Index(key.ToString())!.Phase);
        Assert.Equal(records, world.History.Of(uid).Count);
        AssertUnbroken(uid);
    }

    [Fact]
    public async Task Only_the_api_server_s_own_word_retires_a_resource_that_somebody_missed()
    {
        var (key, uid, _) = await Running();

        await world.Grain(key).Vanished(null, Cancellation);
        Assert.Equal("Active", world.Storage.Index(key.ToString())!.Phase);

        world.Api.Down = true;
        await Assert.ThrowsAnyAsync<Exception>(() => world.Grain(key).Vanished(null, Cancellation));
        Assert.Equal("Active", world.Storage.Index(key.ToString())!.Phase);

        world.Api.Down = false;
        world.Api.Delete(key);
        await world.Grain(key).Vanished(null, Cancellation);
        await Retired(key);
    }

    [Fact]
    public async Task A_retired_uid_that_is_alive_after_all_goes_on_with_its_sequence()
    {
        var (key, uid, manifest) = await Running();
        world.Api.Delete(key);
        await world.Grain(key).Vanished(uid, Cancellation);
        await Retired(key);

        world.Api.Apply(key, manifest.Spec, uid);
        await world.Grain(key).Observe(manifest, Cancellation);

        await world.History.Await(uid, records => records[^1].Record is RecordKind.Check, "a check after the tombstone");
        AssertUnbroken(uid);
    }

    [Fact]
    public async Task A_retired_row_is_purged_after_a_week()
    {
        var (key, uid, _) = await Running();
        world.Api.Delete(key);
        await world.Grain(key).Vanished(uid, Cancellation);
        await Retired(key);

        world.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await world.Grain(key).Wake(Cancellation);
        Assert.NotNull(world.Storage.Index(key.ToString()));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Grain(key).Wake(Cancellation);

        Assert.Null(world.Storage.Index(key.ToString()));
    }

    [Fact]
    public async Task A_check_that_does_not_heed_its_budget_ends_with_it_and_the_next_one_runs()
    {
        var (key, uid, _) = await Running();
        var asked = world.Probe.Asked;
        world.Probe.Deaf = true;
        world.Probe.Hold();
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);
        await world.Probe.Begun(asked + 1);

        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var records = await world.History.Await(uid, all => all.Count(r => r.Record is RecordKind.Check) == 2, "its record");

        Assert.Equal(FindingCodes.CheckTimedOut, Assert.Single(records[^1].Findings).Code);
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);
        await world.Probe.Begun(asked + 2);
    }

    [Fact]
    public async Task Nothing_stays_green_when_the_last_answer_is_stale()
    {
        var (key, _, _) = await Running();
        world.Probe.Hold();
        world.Clock.Advance(TimeSpan.FromMinutes(15));
        await world.Grain(key).Wake(Cancellation);

        var status = await world.Api.Status(key, s => Text(s["verdict"]) == "Unknown", "Unknown");

        Assert.Null(status["health"]);
        Assert.All(["Ready", "Reachable", "CredentialsValid", "Healthy"], type => Assert.Equal("Unknown", Condition(status, type)));
    }

    [Fact]
    public async Task A_reminder_that_was_lost_under_a_living_resource_is_registered_by_the_next_wake()
    {
        var (key, _, _) = await Running();
        var grain = world.Grain(key).GetGrainId();
        var lost = await world.Reminders.ReadRow(grain, "run", Cancellation);
        await world.Reminders.RemoveRow(grain, "run", lost!.ETag!, Cancellation);

        await world.Grain(key).Wake(Cancellation);

        Assert.Equal(lost.Period, (await world.Reminders.ReadRow(grain, "run", Cancellation))?.Period);
    }

    private async Task<(ResourceKey Key, string Uid, Manifest Manifest)> Running()
    {
        var key = world.NewKey();
        var uid = Uid();
        var manifest = world.Api.Apply(key, GrainWorld.Spec(), uid);
        await world.Grain(key).Observe(manifest, Cancellation);
        await world.Checked(key);
        return (key, uid, manifest);
    }

    private Task Retired(ResourceKey key) => world.Storage.Signal.Await(
        () => world.Storage.Index(key.ToString()) is { Phase: "Retired" } row ? row : null, "the row retired");

    private int Checks(string uid) => world.History.Of(uid).Count(record => record.Record is RecordKind.Check);

    private void AssertUnbroken(string uid) => Unbroken.Assert(world.History.Of(uid));

    private static string Uid() => Guid.NewGuid().ToString();

    private static string Text(JsonNode? node) => (string?)node ?? "";

    private static string Key(HistoryRecord record) => HistoryObject.Seal(record).Key;

    private static string Condition(JsonObject status, string type) =>
        Text(status["conditions"]!.AsArray().Single(c => Text(c!["type"]) == type)!["status"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
