using System.Text.Json.Nodes;

namespace ClusterGrains.Tests.Resources;

public sealed class RefusalTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    [Fact]
    public async Task An_interval_under_the_minimum_is_refused_by_field_while_the_last_accepted_spec_goes_on()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        var asked = world.Probe.Asked;

        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec("5s"), uid, 2), Cancellation);
        var status = await world.Api.Status(key, s => (long)s["observedGeneration"]! == 2, "the edit");

        var accepted = Condition(status, "Accepted");
        Assert.Equal("False", (string?)accepted["status"]);
        Assert.Contains("spec.schedule.interval '5s'", (string?)accepted["message"], StringComparison.Ordinal);
        Assert.Contains("Checks:MinimumInterval", (string?)accepted["message"], StringComparison.Ordinal);
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await world.Grain(key).Wake(Cancellation);
        await world.Probe.Begun(asked + 1);
    }

    [Fact]
    public async Task A_spec_whose_Secret_is_missing_is_accepted_once_the_Secret_is_there()
    {
        var key = world.NewKey();
        const string auth = ""","auth":{"basic":{"secretRef":{"name":"later"}}}""";
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(more: auth), Guid.NewGuid().ToString()), Cancellation);
        var refused = await world.Api.Status(key, _ => true, "any status");
        Assert.Contains("spec.auth.basic.secretRef.name 'later'", (string?)Condition(refused, "Accepted")["message"], StringComparison.Ordinal);
        Assert.Equal("Unknown", (string?)refused["verdict"]);

        world.Api.AddSecret(key.Namespace, "later", ("username", "u"), ("password", "p"));
        await world.Grain(key).Wake(Cancellation);

        var status = await world.Checked(key);
        Assert.Equal("True", (string?)Condition(status, "Accepted")["status"]);
    }

    [Fact]
    public async Task A_refused_spec_is_not_accepted_because_nobody_can_say_whether_its_Secret_is_there()
    {
        var key = world.NewKey();
        var uid = Guid.NewGuid().ToString();
        const string auth = ""","auth":{"basic":{"secretRef":{"name":"never"}}}""";
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(more: auth), uid), Cancellation);
        await world.Api.Status(key, _ => true, "any status");

        world.Api.Down = true;
        await world.Grain(key).Wake(Cancellation);
        await world.Grain(key).Observe(
            world.Api.Apply(key, GrainWorld.Spec(more: auth), uid, 1, ("run-now", "1")), Cancellation);

        var shown = JsonNode.Parse((await world.Grain(key).Describe(Cancellation))!)!;
        Assert.Equal("False", (string?)Condition(shown, "Accepted")["status"]);
        Assert.Empty(world.History.Of(uid));
    }

    [Fact]
    public async Task A_Secret_that_nobody_could_read_is_no_reason_to_refuse()
    {
        var key = world.NewKey();
        const string auth = ""","auth":{"bearer":{"secretRef":{"name":"unreadable"}}}""";
        var manifest = world.Api.Apply(key, GrainWorld.Spec(more: auth), Guid.NewGuid().ToString());
        world.Api.Down = true;
        await world.Grain(key).Observe(manifest, Cancellation);
        world.Api.Down = false;
        await world.Grain(key).Wake(Cancellation);
        while (world.Api.StatusOf(key) is null)
        {
            // The status that could not be shown is tried again after a pause.
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var status = await world.Checked(key);
        Assert.Equal("True", (string?)Condition(status, "Accepted")["status"]);
    }

    private static JsonNode Condition(JsonNode status, string type) =>
        status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == type)!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
