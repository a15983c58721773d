using System.Text.Json.Nodes;
using ClusterGrains.History;

namespace ClusterGrains.Tests.Resources;

public sealed class HistoryOutageTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    [Fact]
    public async Task Runs_and_status_go_on_while_the_store_is_down_and_everything_arrives_after_it_is_back()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        world.History.Down = true;
        var stored = world.History.Of(uid).Count;

        for (var slot = 1; slot <= 3; slot++)
        {
            var asked = world.Probe.Asked;
            world.Clock.Advance(TimeSpan.FromMinutes(5));
            await world.Grain(key).Wake(Cancellation);
            await world.Probe.Begun(asked + 1);
            await world.Api.Status(key, s => Pending(s) == slot, $"{slot} pending");
        }

        var shown = world.Api.StatusOf(key)!;
        Assert.Equal("False", HistoryWritten(shown));
        Assert.Equal("Healthy", (string?)shown["verdict"]);
        Assert.Equal(stored, world.History.Of(uid).Count);

        world.History.Down = false;
        await world.Grain(key).Wake(Cancellation);
        await world.History.Await(uid, records => records.Count == stored + 3, "all three records");
        await world.Api.Status(key, s => HistoryWritten(s) == "True" && Pending(s) == 0, "HistoryWritten=True");
        Unbroken.Assert(world.History.Of(uid));
    }

    [Fact]
    public async Task Everything_arrives_seconds_after_the_store_is_back_also_when_the_next_tick_is_far()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        world.History.Down = true;
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        var shown = await world.Api.Status(key, s => HistoryWritten(s) == "False" && Pending(s) > 0, "HistoryWritten=False");

        world.History.Down = false;
        while (world.History.Of(uid).Count < Pending(shown))
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await world.Api.Status(key, s => HistoryWritten(s) == "True", "HistoryWritten=True");
    }

    [Fact]
    public async Task A_resource_deleted_while_the_store_is_down_is_buried_when_it_is_back()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        world.History.Down = true;
        world.Api.Delete(key);

        await world.Grain(key).Vanished(uid, Cancellation);
        Assert.Equal("Retiring", world.Storage.Index(key.ToString())!.Phase);
        await world.Forget(key);
        world.History.Down = false;
        await world.Grain(key).Wake(Cancellation);

        await world.Storage.Signal.Await(
            () => world.Storage.Index(key.ToString()) is { Phase: "Retired" } row ? row : null, "Retired");
        Assert.Equal(RecordKind.Tombstone, world.History.Of(uid)[^1].Record);
        Unbroken.Assert(world.History.Of(uid));
    }

    [Fact]
    public async Task A_resource_created_again_delivers_what_the_old_one_could_not()
    {
        var key = world.NewKey();
        var (old, uid) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        world.History.Down = true;
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), old), Cancellation);
        await world.Checked(key);

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        world.History.Down = false;
        await world.Grain(key).Wake(Cancellation);

        await world.History.Await(old, records => records is [.., { Record: RecordKind.Tombstone }], "the old one's tombstone");
        await world.History.Await(uid, records => records.Count >= 2, "the new one's records");
        Unbroken.Assert(world.History.Of(old).Concat(world.History.Of(uid)));
    }

    private static long Pending(JsonObject status) => (long)status["history"]!["pending"]!;

    private static string? HistoryWritten(JsonObject status) =>
        (string?)status["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "HistoryWritten")!["status"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
