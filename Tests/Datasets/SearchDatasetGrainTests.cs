using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;

namespace ClusterGrains.Tests.Datasets;

public sealed class SearchDatasetGrainTests(DatasetWorld world) : IClassFixture<DatasetWorld>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_that_finds_nothing_new_leaves_a_fresh_look_and_no_record()
    {
        var (key, uid, run) = await Started();
        await run.Complete(Published(run));
        await world.Shows(key, "Promoted");
        var records = world.History.Of(uid);

        for (var slot = 0; slot < 3; slot++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await world.Grain(key).Wake(Cancellation);
            var next = await world.Updates.Next(key);
            Assert.NotEqual(run.Run.RunId, next.Run.RunId);
            Assert.Equal(1, next.Run.Attempt);
            await next.Complete(next.Run.Ledger with { Look = next.Run.Ledger.Look! with { At = world.Clock.GetUtcNow() } });
        }

        Assert.All(records, record => Assert.Equal(RecordKind.Transition, record.Record));
        Assert.Equal(records.Count, world.History.Of(uid).Count);
        Assert.Equal("Promoted", Text((await Described(key))["phase"]));
        Assert.Equal(Time(world.Clock.GetUtcNow()), Text((await Described(key))["lookedAt"]));
    }

    [Fact]
    public async Task A_checkpoint_is_stored_and_gives_the_run_time_until_its_next_one()
    {
        var (key, _, run) = await Started();
        world.Clock.Advance(TimeSpan.FromMinutes(4));

        Assert.True(await run.Checkpoint(Loading(run)));

        Assert.Equal(world.Clock.GetUtcNow() + TimeSpan.FromMinutes(5), world.Storage.Index(key.ToString())!.NextDue);
        var status = await world.Shows(key, "Loading");
        Assert.Equal(("47%", "v2", "Load", 470), (Text(status["progress"]), Text(status["candidate"]!["version"]), Text(status["candidate"]!["step"]), (int)status["candidate"]!["docsAcked"]!));
    }

    [Fact]
    public async Task A_run_whose_process_died_goes_on_from_its_checkpoint_as_the_next_attempt_and_leaves_no_record()
    {
        var (key, uid, run) = await Started();
        var ledger = Loading(run);
        Assert.True(await run.Checkpoint(ledger));

        await world.Forget(key);
        await world.Grain(key).Wake(Cancellation);

        var resumed = await world.Updates.Next(key);
        Assert.Equal((run.Run.RunId, 2), (resumed.Run.RunId, resumed.Run.Attempt));
        Assert.Equal(ledger.Candidate!.Position, resumed.Run.Ledger.Candidate!.Position);
        Assert.All(world.History.Of(uid), record => Assert.Equal(RecordKind.Transition, record.Record));

        Assert.False(await run.Checkpoint(ledger with { IndexNumber = 99 }));
        await run.Complete(ledger with { Candidate = null });
        Assert.Equal("v2", Text((await Described(key))["candidate"]!["version"]));
        Assert.Equal(2, (int)(await Described(key))["candidate"]!["attempt"]!);
    }

    [Fact]
    public async Task A_run_that_breaks_is_taken_up_again_by_the_next_tick()
    {
        var (key, _, run) = await Started();
        Assert.True(await run.Checkpoint(Loading(run)));
        run.Break();
        await Task.WhenAny(run.End);

        var resumed = await Resumed(key, run);

        Assert.Equal((run.Run.RunId, 2), (resumed.Run.RunId, resumed.Run.Attempt));
    }

    [Fact]
    public async Task An_edit_is_told_to_the_run_at_its_next_checkpoint_and_the_next_attempt_works_from_it()
    {
        var (key, uid, run) = await Started();
        var ledger = Loading(run);
        Assert.True(await run.Checkpoint(ledger));

        await world.Grain(key).Observe(world.Api.Apply(key, DatasetWorld.Spec(""","rollout":{"pin":"v1"}"""), uid, 2), Cancellation);

        Assert.False(await run.Checkpoint(ledger with { IndexNumber = 99 }));
        Assert.NotEqual(99, Stored(key).IndexNumber);
        await run.Complete(ledger);
        var next = await world.Updates.Next(key);
        Assert.Equal((run.Run.RunId, 2, 2, "v1"), (next.Run.RunId, next.Run.Attempt, (int)next.Run.Generation, next.Run.Spec.Rollout.Pin));
    }

    [Theory]
    [InlineData("approve", true)]
    [InlineData("adopt-alias", true)]
    [InlineData("reload", true)]
    [InlineData("note", false)]
    public async Task An_annotation_that_the_run_works_from_causes_another_one(string name, bool matters)
    {
        var (key, uid, run) = await Started();
        Assert.True(await run.Checkpoint(Loading(run)));

        await world.Grain(key).Observe(world.Api.Apply(key, DatasetWorld.Spec(), uid, 1, (name, "products-v2-2")), Cancellation);

        Assert.Equal(!matters, await run.Checkpoint(Loading(run)));
        await run.Complete(Loading(run));
        if (matters)
        {
            var next = (await world.Updates.Next(key)).Run;
            Assert.Equal("products-v2-2", next.Approve ?? next.AdoptAlias ?? next.Reload);
        }
        else
        {
            Assert.Equal(1, world.Updates.Begun(key));
        }
    }

    [Fact]
    public async Task Run_now_throws_no_load_back_and_causes_one_more_run_after_it()
    {
        var (key, uid, run) = await Started();

        await world.Grain(key).Observe(world.Api.Apply(key, DatasetWorld.Spec(), uid, 1, ("run-now", "1")), Cancellation);

        Assert.True(await run.Checkpoint(Loading(run)));
        Assert.Equal(1, world.Updates.Begun(key));
        await run.Complete(Loading(run));
        Assert.Equal(2, (await world.Updates.Next(key)).Run.Attempt);
    }

    [Fact]
    public async Task A_suspended_dataset_stops_where_it_is_and_goes_on_from_there()
    {
        var (key, uid, run) = await Started();
        var ledger = Loading(run);
        Assert.True(await run.Checkpoint(ledger));

        await world.Grain(key).Observe(world.Api.Apply(key, DatasetWorld.Spec(""","suspend":true"""), uid, 2), Cancellation);
        Assert.False(await run.Checkpoint(ledger));
        await run.Complete(ledger);
        await world.Shows(key, "Suspended");
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.Grain(key).Wake(Cancellation);

        Assert.Null((await Described(key))["nextRun"]);
        Assert.Equal(1, world.Updates.Begun(key));
        await world.Grain(key).Observe(world.Api.Apply(key, DatasetWorld.Spec(), uid, 3), Cancellation);
        Assert.Equal(2, (await world.Updates.Next(key)).Run.Attempt);
    }

    [Fact]
    public async Task The_end_of_an_update_is_one_record_however_often_it_is_reported_and_the_status_leads_to_it()
    {
        var (key, uid, run) = await Started();
        var candidate = Ledgers.Candidate(run.Run.RunId, UpdateStep.Prune);
        Assert.True(await run.Checkpoint(Published(run) with { Candidate = candidate }));
        var ended = Ledgers.End(candidate, UpdateResult.Promoted) with { Replaced = "products-v0-1", Pruned = ["products-v00-1"] };

        Assert.True(await run.Checkpoint(Published(run, "v2"), ended));
        Assert.True(await run.Checkpoint(Published(run, "v2"), ended));
        await run.Complete(Published(run, "v2"), ended);

        var records = await world.History.Await(uid, all => all.Any(r => r.Record is RecordKind.Update), "the update");
        var update = Assert.Single(records, record => record.Record is RecordKind.Update);
        Assert.Equal(("Promoted", run.Run.RunId, "v2", "products-v0-1"), (update.Outcome, update.RunId, update.Update!.Version, update.Update.Replaced));
        Assert.Equal((470, 1.5), (update.Metrics["docsAcked"], update.Metrics["seconds.plan"]));
        var status = await world.Api.Status(key, s => s["recent"]!.AsArray().Count == 1 && s["candidate"] is null, "the ended update");
        Assert.Equal(HistoryObject.Seal(update).Key, Text(status["recent"]![0]!["historyKey"]));
        Assert.Single(world.Api.Events, one => one.Uid == uid && one is { Reason: "Promoted", Warning: false });
        Unbroken.Assert(world.History.Of(uid));
    }

    [Fact]
    public async Task A_failed_version_is_told_with_its_reason_and_the_published_one_stays()
    {
        var (key, uid, run) = await Started();
        var candidate = Ledgers.Candidate(run.Run.RunId, UpdateStep.Verify);
        Assert.True(await run.Checkpoint(Published(run) with { Candidate = candidate }));
        world.Clock.Advance(TimeSpan.FromSeconds(10));

        var failed = new FailedVersion("v2", "f2", 1, DatasetCodes.Shrunk, "900 documents instead of 1000.", world.Clock.GetUtcNow(), 1, null);
        await run.Complete(
            Published(run) with { Look = new SourceLook(world.Clock.GetUtcNow(), "v2", Ledgers.At, 2), Failed = failed },
            Ledgers.End(candidate, UpdateResult.Failed, DatasetCodes.Shrunk, failed.Message));

        var status = await world.Shows(key, "Failed");
        Assert.Equal((DatasetCodes.Shrunk, "v1", "v2"), (Text(status["reason"]), Text(status["published"]!["version"]), Text(status["failed"]!["version"])));
        Assert.Equal(("False", "True"), (Condition(status, "Progressing"), Condition(status, "Ready")));
        var record = Assert.Single(world.History.Of(uid), r => r.Record is RecordKind.Update);
        Assert.Equal((DatasetCodes.Shrunk, "Verify"), (record.Update!.Code, record.Update.Step));
        Assert.Contains(world.Api.Events, one => one.Uid == uid && one is { Reason: DatasetCodes.Shrunk, Warning: true });
    }

    [Fact]
    public async Task A_dataset_deleted_during_an_update_records_it_as_interrupted_before_its_tombstone()
    {
        var (key, uid, run) = await Started();
        var ledger = Loading(run);
        Assert.True(await run.Checkpoint(ledger with { Claim = "uuid-1/products" }));
        Assert.Equal("uuid-1/products", world.Storage.Index(key.ToString())!.Claim);
        world.Api.Delete(key);

        await world.Grain(key).Vanished(uid, Cancellation);

        var records = await world.History.Await(uid, all => all is [.., { Record: RecordKind.Tombstone }], "the tombstone");
        Assert.Equal((RecordKind.Update, "Interrupted"), (records[^2].Record, records[^2].Outcome));
        Assert.False(await run.Checkpoint(ledger));
        Assert.Null(world.Storage.Index(key.ToString())!.Claim);
        Unbroken.Assert(records);
    }

    [Fact]
    public async Task A_dataset_deleted_after_its_promotion_is_not_recorded_as_interrupted()
    {
        var (key, uid, run) = await Started();
        Assert.True(await run.Checkpoint(Published(run) with { Candidate = Ledgers.Candidate(run.Run.RunId, UpdateStep.Prune) }));
        world.Api.Delete(key);

        await world.Grain(key).Vanished(uid, Cancellation);

        var records = await world.History.Await(uid, all => all is [.., { Record: RecordKind.Tombstone }], "the tombstone");
        Assert.Equal((RecordKind.Update, "Promoted"), (records[^2].Record, records[^2].Outcome));
    }

    [Fact]
    public async Task Progress_is_shown_every_few_seconds_and_a_step_at_once()
    {
        var (key, _, run) = await Started();
        Assert.True(await run.Checkpoint(Loading(run)));
        await world.Shows(key, "Loading");
        var writes = world.Api.StatusWrites(key);

        for (var acked = 500; acked < 520; acked++)
        {
            Assert.True(await run.Checkpoint(Loading(run, acked)));
        }

        // Twice, because the first may still find the last of those above on its way.
        for (var i = 0; i < 2; i++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(5));
            Assert.True(await run.Checkpoint(Loading(run, acked: 800)));
        }

        await world.Api.Status(key, status => Text(status["progress"]) == "80%", "80 %");
        Assert.InRange(world.Api.StatusWrites(key) - writes, 1, 3);

        Assert.True(await run.Checkpoint(Published(run) with { Candidate = Ledgers.Candidate(run.Run.RunId, UpdateStep.Settle) }));
        await world.Shows(key, "Settling");
    }

    [Fact]
    public async Task A_spec_that_names_what_is_not_there_is_refused_until_it_is()
    {
        var (key, uid) = (world.NewKey(), Guid.NewGuid().ToString());
        var spec = DatasetWorld.Spec(""","index":{"configMapRef":{"name":"NAME"}}""").Replace("NAME", key.Name, StringComparison.Ordinal);
        await world.Grain(key).Observe(world.Api.Apply(key, spec, uid), Cancellation);
        var status = await world.Shows(key, "Unknown");
        Assert.Equal(("False", DatasetCodes.SpecRefused), (Condition(status, "Accepted"), Text(status["reason"])));
        Assert.Contains("spec.index.configMapRef.name", Text(status["message"]), StringComparison.Ordinal);

        world.Api.AddConfigMap(key.Namespace, key.Name, ("mappings.json", "{}"));
        await world.Grain(key).Wake(Cancellation);

        await world.Updates.Next(key);
        Assert.Equal("True", Condition(await world.Shows(key, "Pending"), "Accepted"));
    }

    private async Task<(ResourceKey Key, string Uid, ScriptedRun Run)> Started()
    {
        var (key, uid) = (world.NewKey(), Guid.NewGuid().ToString());
        await world.Grain(key).Observe(world.Api.Apply(key, DatasetWorld.Spec(), uid), Cancellation);
        return (key, uid, await world.Updates.Next(key));
    }

    /// <summary>Wakes until the grain has noticed that the run's task ended: it ends beside the turn.</summary>
    private async Task<ScriptedRun> Resumed(ResourceKey key, ScriptedRun broken)
    {
        while (world.Updates.Begun(key) == broken.Run.Attempt)
        {
            await world.Grain(key).Wake(Cancellation);
        }

        return await world.Updates.Next(key);
    }

    private DatasetLedger Loading(ScriptedRun run, long acked = 470)
    {
        var candidate = Ledgers.Candidate(run.Run.RunId);
        var counts = candidate.Counts with { Acked = acked, SourceBytes = acked };
        return Published(run) with { Candidate = candidate with { Counts = counts, MovedAt = world.Clock.GetUtcNow() } };
    }

    private DatasetLedger Published(ScriptedRun run, string version = "v1")
    {
        Assert.NotNull(run);
        return Ledgers.Looked(world.Clock.GetUtcNow(), version) with { Published = Ledgers.Published(version) };
    }

    private async Task<JsonObject> Described(ResourceKey key) =>
        JsonNode.Parse((await world.Grain(key).Describe(Cancellation))!)!.AsObject();

    private DatasetLedger Stored(ResourceKey key) =>
        world.Storage.Read<ResourceState<SearchDatasetWork>>(key.ToString()).Work.Ledger;

    private static string Time(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => (string?)node ?? "";

    private static string Condition(JsonObject status, string type) =>
        Text(status["conditions"]!.AsArray().Single(c => Text(c!["type"]) == type)!["status"]);
}
