using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Status;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Faults;

/// <summary>A silo process whose history is in a real S3 server that goes away for a while.</summary>
[Collection(S3Collection.Name)]
public sealed class S3OutageTests(S3Server server)
{
    private const string Busy = "logs";
    private const string Deleted = "orders";

    [Fact]
    public async Task What_happens_while_the_store_is_away_is_shown_at_once_and_recorded_when_it_is_back()
    {
        var store = server.NewStore();
        await using var world = await FaultWorld.Start(Cancellation, store);
        world.Create(Busy);
        // Its next tick is hours away: what arrives of it does not wait for that.
        world.Create(Deleted, schedule: "interval: 12h");
        world.StartSilo();
        await world.Shown(Busy, status => IsChecked(status) && Written(status) == Condition.True);
        await world.Shown(Deleted, status => IsChecked(status) && Written(status) == Condition.True);

        await server.StopGateway();
        try
        {
            await RunsAndStatusGoOn(world);
            await DeletedAtOnce(world);
        }
        finally
        {
            await server.StartGateway();
        }

        await world.Shown(Busy, status => Written(status) == Condition.True && Pending(status) == 0);
        await Buried(world, Deleted);
        await world.Delete(Busy);
        await Buried(world, Busy);
        await world.KillSilo(Cancellation);
        var records = await S3Server.Records(store, Cancellation);
        Judge.Judged(records, world.Opened);
        Assert.DoesNotContain(records, record => record.Record is RecordKind.Gap);
    }

    /// <summary>Three more checks, each of which is shown with one more record that waits.</summary>
    private static async Task RunsAndStatusGoOn(FaultWorld world)
    {
        var shown = await world.Shown(Busy, status => Written(status) == Condition.False);
        for (var run = 0; run < 3; run++)
        {
            Assert.StartsWith($"{Pending(shown)} records wait since ", (string)HistoryWritten(shown)!["message"]!, StringComparison.Ordinal);
            var before = shown;
            shown = await world.Shown(Busy, status => LastRun(status) != LastRun(before) && Pending(status) > Pending(before));
        }
    }

    private static async Task DeletedAtOnce(FaultWorld world)
    {
        await world.Edit(Deleted);
        await world.Shown(Deleted, status => (long)status["observedGeneration"]! == 2 && Pending(status) == 1);
        var uid = (await world.Get(Deleted)).Uid;
        await world.Delete(Deleted);

        (await world.Get(Deleted)).Expect(HttpStatusCode.NotFound);
        Assert.True(await world.Until(() => world.Told.Contains($"retiring {uid}"), Cancellation));
        Assert.DoesNotContain(world.Told, line => IsTombstone(line, Deleted));
    }

    private static async Task Buried(FaultWorld world, string name) =>
        Assert.True(await world.Until(() => world.Told.Any(line => IsTombstone(line, name)), Cancellation));

    private static bool IsTombstone(string line, string name) =>
        line.StartsWith("put v1/history/record=tombstone/", StringComparison.Ordinal)
        && line.Contains($"/resource=searchcluster.default.{name}.", StringComparison.Ordinal);

    private static bool IsChecked(JsonObject status) => status["lastRun"] is not null;

    private static string LastRun(JsonObject status) => (string)status["lastRun"]!["runId"]!;

    private static long Pending(JsonObject status) => (long)status["history"]!["pending"]!;

    private static string? Written(JsonObject status) => (string?)HistoryWritten(status)?["status"];

    private static JsonNode? HistoryWritten(JsonObject status) =>
        ((JsonArray)status["conditions"]!).FirstOrDefault(condition => (string)condition!["type"]! == "HistoryWritten");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
