using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Resources;

public sealed class SilenceTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    [Fact]
    public async Task A_cluster_that_stops_answering_keeps_its_verdict_until_it_is_stale_and_says_why_from_the_start()
    {
        var key = world.NewKey();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), Guid.NewGuid().ToString()), Cancellation);
        await world.Checked(key);
        world.Probe.Facts = Facts.Refused();

        await Tick(key);
        var first = await world.Api.Status(key, s => (string?)s["reason"] == FindingCodes.ConnectionFailed, "the failure");
        Assert.Equal("Healthy", (string?)first["verdict"]);
        Assert.Equal("False", Condition(first, "Reachable"));
        Assert.Equal("False", Condition(first, "Ready"));

        await Tick(key);
        await Tick(key);
        var stale = await world.Api.Status(key, s => (string?)s["verdict"] == "Unknown", "Unknown");
        Assert.Equal(FindingCodes.ConnectionFailed, (string?)stale["reason"]);
        Assert.StartsWith("No answer since 2026-", (string?)stale["message"], StringComparison.Ordinal);
        Assert.Equal("Unknown", Condition(stale, "Healthy"));

        world.Probe.Facts = Facts.Red();
        await Tick(key);
        await world.Api.Status(key, s => (string?)s["verdict"] == "Critical" && Condition(s, "Ready") == "True", "red, but Ready");
    }

    [Fact]
    public async Task A_verdict_goes_stale_also_when_no_check_ends()
    {
        var key = world.NewKey();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), Guid.NewGuid().ToString()), Cancellation);
        await world.Checked(key);
        world.Probe.Hold();

        world.Clock.Advance(TimeSpan.FromMinutes(16));
        await world.Grain(key).Wake(Cancellation);

        await world.Api.Status(key, s => (string?)s["verdict"] == "Unknown", "Unknown");
        world.Probe.Release();
    }

    [Fact]
    public async Task Another_cluster_behind_the_endpoint_is_an_alarm_until_its_uuid_is_accepted()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        world.Probe.Facts = Facts.Green("uuid-2");

        await Tick(key);
        var alarm = await world.Api.Status(key, s => (string?)s["reason"] == FindingCodes.ClusterUuidChanged, "the alarm");
        Assert.Equal(("Critical", "uuid-1"), ((string?)alarm["verdict"], (string?)alarm["clusterUuid"]));

        var edit = world.Api.Apply(
            key, GrainWorld.Spec(), uid, 1, ("accept-cluster-uuid", "uuid-2"), ("run-now", "accepted"));
        await world.Grain(key).Observe(edit, Cancellation);
        var healed = await world.Api.Status(key, s => (string?)s["verdict"] == "Healthy", "Healthy");
        Assert.Equal("uuid-2", (string?)healed["clusterUuid"]);
    }

    private async Task Tick(ClusterGrains.Resources.ResourceKey key)
    {
        var asked = world.Probe.Asked;
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);
        await world.Probe.Begun(asked + 1);
    }

    private static string? Condition(System.Text.Json.Nodes.JsonObject status, string type) =>
        (string?)status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == type)!["status"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
