using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Resources;

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

    [Fact]
    public async Task What_an_outage_past_the_outbox_folded_is_in_gaps_and_an_audit_misses_only_what_somebody_deleted()
    {
        var store = server.NewStore();
        await using var world = await FaultWorld.Start(Cancellation, store);
        world.Settings.Add("--History:AuditInterval=10s");
        world.Seed(Wordy(Busy));
        world.StartSilo();
        await world.Shown(Busy, status => IsChecked(status) && Written(status) == Condition.True);

        await server.StopGateway();
        try
        {
            await Folded(world, times: 3);
        }
        finally
        {
            await server.StartGateway();
        }

        await world.Shown(Busy, status => Written(status) == Condition.True && Pending(status) == 0);
        var records = await S3Server.Records(store, Cancellation);
        AccountedFor(records);
        var lost = records.Where(record => record.Record is RecordKind.Check).MaxBy(record => record.Seq)!.Seq;
        await LostAndFound(world, store, lost);
    }

    /// <summary>Until so many times the oldest of the waiting records were given up: fewer wait than before.</summary>
    private static async Task Folded(FaultWorld world, int times)
    {
        var (folds, before) = (0, 0L);
        await world.Shown(Busy, status =>
        {
            folds += Pending(status) < before ? 1 : 0;
            before = Pending(status);
            return folds >= times;
        });
    }

    /// <summary>
    /// Each number is stored or in one gap. Only the one whose PUT was under way when the store went may be both.
    /// </summary>
    private static void AccountedFor(IReadOnlyList<HistoryRecord> records)
    {
        Unbroken.Assert(records);
        var listed = records.SelectMany(record => record.Missing ?? [])
            .SelectMany(range => Enumerable.Range((int)range.FromSeq, (int)(range.ToSeq - range.FromSeq + 1))).ToList();
        Assert.InRange(listed.Count, 1, records.Max(record => (int)record.Seq));
        Assert.Equal(listed.Distinct(), listed);
        Assert.InRange(listed.Intersect(records.Select(record => (int)record.Seq)).Count(), 0, 1);
    }

    private static async Task LostAndFound(FaultWorld world, HistoryOptions store, long lost)
    {
        var reader = HistoryParts.Reader(store);
        using var client = (IDisposable)reader;
        var key = await Find(reader, "v1/history/record=check/", $"-1-{lost}-");
        var body = (await reader.Read(key, Cancellation))!;
        await S3Server.Delete(store, key, Cancellation);

        var shown = await world.Shown(Busy, status => (string?)HistoryWritten(status)?["reason"] == ResourceFindings.RecordsMissing);
        Assert.StartsWith(
            $"1 records of this resource are neither in the history store nor explained by a gap: {lost} of line 1.",
            (string)HistoryWritten(shown)!["message"]!,
            StringComparison.Ordinal);

        var again = HistoryParts.Backend(store, TimeProvider.System);
        using var writer = (IDisposable)again;
        await again.Put(key, body, Cancellation);
        await world.Shown(Busy, status => Written(status) == Condition.True);
    }

    private static async Task<string> Find(IHistoryReader reader, string prefix, string part)
    {
        for (string? continuation = null; ;)
        {
            var page = await reader.List(prefix, continuation, Cancellation);
            if (page.Keys.FirstOrDefault(key => key.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            continuation = page.Continuation ?? throw new InvalidOperationException($"No key of {prefix} has {part}.");
        }
    }

    /// <summary>
    /// A cluster with fifteen endpoints that are never connected to, with names that hardly compress: some forty records of its
    /// checks are as many bytes as an outbox holds.
    /// </summary>
    private static string Wordy(string name)
    {
#pragma warning disable CA5394 // Only has to be incompressible.
        var random = new Random(1);
        var endpoints = Enumerable.Range(0, 15).Select(_ =>
            "\"http://169.254.1.1/" + Convert.ToHexString([.. Enumerable.Range(0, 240).Select(_ => (byte)random.Next(256))]) + "\"");
#pragma warning restore CA5394
        return $$$"""
            apiVersion: clustergrains.io/v1alpha1
            kind: SearchCluster
            metadata: {name: {{{name}}}, namespace: default}
            spec: {endpoints: [{{{string.Join(", ", endpoints)}}}], schedule: {interval: 1s}}
            """;
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
