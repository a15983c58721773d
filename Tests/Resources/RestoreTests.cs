using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

public sealed class RestoreTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    [Fact]
    public async Task An_older_etcd_is_believed_after_a_consistent_read_even_if_its_generation_is_lower()
    {
        var (key, uid) = await Running();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("10m"), uid, generation: 7), Cancellation);
        await world.Api.Status(key, s => (long)s["observedGeneration"]! == 7, "generation 7");

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("20m"), uid, generation: 3), Cancellation);
        await world.Api.Status(key, s => (long)s["observedGeneration"]! == 3, "the restored generation 3");

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("30m"), uid, generation: 3), Cancellation);
        Assert.Equal((3L, uid), (world.Storage.Index(key.ToString())!.Generation, world.Storage.Index(key.ToString())!.Uid));
    }

    [Fact]
    public async Task A_store_older_than_the_live_status_goes_on_in_a_new_line_of_history()
    {
        var (key, uid) = await Running();
        var backup = world.Storage.Backup(key.ToString());
        for (var slot = 0; slot < 2; slot++)
        {
            await NextCheck(key, uid);
        }

        var last = world.History.Of(uid)[^1].Seq;
        var shown = await world.Api.Status(key, s => (long)s["history"]!["seq"]! == last, "the last record");
        var revision = (long)shown["revision"]!;
        await world.Forget(key);
        world.Storage.Restore(key.ToString(), backup);
        await NextCheck(key, uid);

        var status = await world.Api.Status(key, s => (long)s["revision"]! > revision, "a revision past the live one");
        Assert.Equal(2, (int)status["history"]!["line"]!);
        Unbroken.Assert(world.History.Of(uid));
        Assert.Contains(world.History.Of(uid), record => record is { Line: 2, Seq: 1 });
    }

    [Fact]
    public async Task An_empty_store_under_a_live_resource_goes_on_in_a_new_line_of_history()
    {
        var (key, uid) = await Running();
        var manifest = world.Api.Apply(key, GrainWorld.Spec(), uid);
        var revision = (long)world.Api.StatusOf(key)!["revision"]!;
        await world.Forget(key);
        world.Storage.Restore(key.ToString(), null);

        await world.Grain(key).Observe(manifest, Cancellation);
        var status = await world.Api.Status(key, s => (long)s["revision"]! > revision && s["lastRun"] is not null, "a check");

        Assert.Equal(2, (int)status["history"]!["line"]!);
        Unbroken.Assert(world.History.Of(uid));
    }

    [Fact]
    public async Task An_epoch_that_began_in_another_store_goes_on_in_a_new_line_however_far_this_store_had_come()
    {
        var (key, first) = await Running();
        for (var slot = 0; slot < 4; slot++)
        {
            await NextCheck(key, first);
        }

        var backup = world.Storage.Backup(key.ToString());
        await world.Forget(key);
        world.Storage.Restore(key.ToString(), null);
        var second = Guid.NewGuid().ToString();
        var manifest = world.Api.Apply(key, GrainWorld.Spec(), second);
        await world.Grain(key).Observe(manifest, Cancellation);
        await world.Checked(key);
        await world.Forget(key);
        world.Storage.Restore(key.ToString(), backup);

        await world.Grain(key).Observe(manifest, Cancellation);

        await world.Api.Status(key, s => (int)s["history"]!["line"]! == 2 && s["lastRun"] is not null, "a check in line 2");
        Unbroken.Assert(world.History.Of(second));
    }

    [Fact]
    public async Task A_status_that_somebody_wiped_is_written_again_with_the_next_refresh()
    {
        var (key, uid) = await Running();
        world.Api.OverwriteStatus(key, null);

        await NextCheck(key, uid);

        await world.Api.Status(key, s => (string?)s["verdict"] == "Healthy", "the status again");
    }

    [Fact]
    public async Task A_revision_that_nobody_can_pass_is_written_over_once_and_for_all()
    {
        var (key, uid) = await Running();
        var status = (JsonObject)world.Api.StatusOf(key)!.DeepClone();
        status["revision"] = long.MaxValue;
        status["history"]!["line"] = long.MaxValue;
        world.Api.OverwriteStatus(key, status);

        await NextCheck(key, uid);

        var shown = await world.Api.Status(key, s => (long)s["revision"]! is > 0 and < long.MaxValue, "a revision of ours");
        var (revision, writes) = ((long)shown["revision"]!, world.Api.StatusWrites(key));
        await NextCheck(key, uid);
        await world.Api.Status(key, s => (long)s["revision"]! > revision, "the next revision");
        Assert.Equal(writes + 1, world.Api.StatusWrites(key));
        Unbroken.Assert(world.History.Of(uid));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_state_write_that_failed_is_settled_by_the_next_activation(string moment)
    {
        var (key, uid) = await Running();
        world.Storage.Around = (grain, at) =>
        {
            if (at == moment && grain.Key.ToString() == key.ToString())
            {
                world.Storage.Around = null;
                throw new IOException("disk full");
            }
        };
        var edit = world.Api.Apply(key, GrainWorld.Spec("10m"), uid, generation: 2);
        await Assert.ThrowsAnyAsync<Exception>(() => world.Grain(key).Observe(edit, Cancellation));

        await world.Grain(key).Observe(edit, Cancellation);

        await world.Checked(key, generation: 2);
        await world.History.Await(uid, records => records.Count(r => r.Record is RecordKind.Check) == 2, "the edit's check");
        Unbroken.Assert(world.History.Of(uid));
    }

    [Fact]
    public async Task A_run_whose_activation_ended_is_recorded_as_interrupted_and_runs_again()
    {
        var (key, uid) = await AmidRun();

        await world.Forget(key);
        world.Probe.Release();
        await world.Grain(key).Wake(Cancellation);

        var records = await world.History.Await(
            uid, all => all.Count(r => r.Record is RecordKind.Check) == 3, "the interrupted run and the one after it");
        Assert.Equal(
            [RunOutcome.Completed, RunOutcome.Interrupted, RunOutcome.Completed],
            records.Where(r => r.Record is RecordKind.Check).Select(r => r.Outcome));
        Unbroken.Assert(records);
    }

    [Fact]
    public async Task A_run_that_ended_with_its_activation_because_another_silo_died_runs_again_at_once_and_nobody_has_to_look()
    {
        var (key, uid) = await AmidRun();

        var asked = world.Probe.Asked;
        await world.LoseTrack(key);

        await world.Probe.Begun(asked + 1);
        world.Probe.Release();
        var records = await world.History.Await(
            uid, all => all.Count(r => r.Record is RecordKind.Check) == 3, "the interrupted run and the one after it");
        Assert.Equal(RunOutcome.Interrupted, records.Where(r => r.Record is RecordKind.Check).ElementAt(1).Outcome);
        Unbroken.Assert(records);
    }

    [Fact]
    public async Task A_resource_whose_silo_died_between_the_end_of_an_interrupted_run_and_the_next_one_is_due()
    {
        var (key, _) = await AmidRun();
        await world.Forget(key);
        world.Probe.Release();
        var writes = 0;
        world.Storage.Around = (grain, at) =>
        {
            if (at == "before" && grain.Key.ToString() == key.ToString() && ++writes == 2)
            {
                world.Storage.Around = null;
                throw new IOException("killed");
            }
        };

        await Assert.ThrowsAnyAsync<Exception>(() => world.Grain(key).Wake(Cancellation));

        Assert.Equal(world.Clock.GetUtcNow(), world.Storage.Index(key.ToString())!.NextDue);
    }

    private async Task<(ResourceKey Key, string Uid)> Running()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        return (key, uid);
    }

    /// <summary>The second check has begun, and goes on until the probe is released.</summary>
    private async Task<(ResourceKey Key, string Uid)> AmidRun()
    {
        var (key, uid) = await Running();
        var asked = world.Probe.Asked;
        world.Probe.Hold();
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);
        await world.Probe.Begun(asked + 1);
        return (key, uid);
    }

    private async Task NextCheck(ResourceKey key, string uid)
    {
        var known = world.History.Of(uid).Count;
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);
        await world.History.Await(uid, records => records.Count > known, "one more record");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
