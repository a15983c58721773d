using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;
using Orleans.Runtime;

namespace ClusterGrains.Tests.History;

/// <summary>What a resource shows of an audit.</summary>
public sealed class AuditedResourceTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    private static readonly MissingRecords Missing = new(new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero), 3, "41–43 of line 1");

    [Fact]
    public async Task Missing_records_are_a_condition_a_finding_and_an_event_until_an_audit_finds_none()
    {
        var (key, uid) = await Running();
        var before = world.Api.StatusOf(key)!;
        Assert.Equal("AllWritten", (string?)HistoryWritten(before)["reason"]);

        await Reports(key).Audited(uid, Missing, Cancellation);

        var status = await world.Api.Status(key, s => (string?)HistoryWritten(s)["status"] == "False", "HistoryWritten=False");
        Assert.Equal(ResourceFindings.RecordsMissing, (string?)HistoryWritten(status)["reason"]);
        Assert.StartsWith(
            "3 records of this resource are neither in the history store nor explained by a gap: 41–43 of line 1. ",
            (string?)HistoryWritten(status)["message"],
            StringComparison.Ordinal);
        var finding = Assert.Single(status["findings"]!.AsArray(), f => (string?)f!["code"] == ResourceFindings.RecordsMissing)!;
        Assert.Equal(("Warning", "2026-01-02T03:00:00Z"), ((string?)finding["severity"], (string?)finding["since"]));
        Assert.Equal((string?)before["verdict"], (string?)status["verdict"]);
        Assert.Contains(world.Api.Events, e => e.Uid == uid && e is { Warning: true, Reason: ResourceFindings.RecordsMissing });

        await Reports(key).Audited(uid, Missing with { Since = Missing.Since.AddDays(1), Count = 4 }, Cancellation);
        status = await world.Api.Status(key, s => ((string?)HistoryWritten(s)["message"])!.StartsWith('4'), "4 records");
        Assert.Equal("2026-01-02T03:00:00Z", (string?)status["findings"]!.AsArray()[^1]!["since"]);

        await Reports(key).Audited(uid, null, Cancellation);
        status = await world.Api.Status(key, s => (string?)HistoryWritten(s)["status"] == "True", "HistoryWritten=True");
        Assert.DoesNotContain(status["findings"]!.AsArray(), f => (string?)f!["code"] == ResourceFindings.RecordsMissing);
    }

    [Fact]
    public async Task What_was_missing_of_another_epoch_is_no_concern_of_this_one()
    {
        var (key, uid) = await Running();
        var revision = world.Storage.Index(key.ToString())!.Revision;

        await Reports(key).Audited("another-uid", Missing, Cancellation);
        Assert.Equal(revision, world.Storage.Index(key.ToString())!.Revision);

        await Reports(key).Audited(uid, Missing, Cancellation);
        var second = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), second), Cancellation);
        var status = await world.Checked(key);
        Assert.Equal("True", (string?)HistoryWritten(status)["status"]);
    }

    [Fact]
    public async Task The_same_news_again_writes_nothing()
    {
        var (key, uid) = await Running();
        await Reports(key).Audited(uid, Missing, Cancellation);
        var revision = world.Storage.Index(key.ToString())!.Revision;

        await Reports(key).Audited(uid, Missing with { Since = Missing.Since.AddDays(1) }, Cancellation);

        Assert.Equal(revision, world.Storage.Index(key.ToString())!.Revision);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_first()
    {
        var (key, uid) = await Running();
        await Reports(key).Audited(uid, Missing, Cancellation);
        world.History.Down = true;
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);

        await world.Api.Status(key, s => (string?)HistoryWritten(s)["reason"] == "StoreUnavailable", "StoreUnavailable");
    }

    private async Task<(ResourceKey Key, string Uid)> Running()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        await world.Api.Status(key, s => (string?)HistoryWritten(s)["status"] == "True", "HistoryWritten=True");
        return (key, uid);
    }

    private IResourceReports Reports(ResourceKey key) => world.Grain(key).AsReference<IResourceReports>();

    private static JsonNode HistoryWritten(JsonObject status) =>
        status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == "HistoryWritten")!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
