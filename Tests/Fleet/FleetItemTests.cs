using System.Text.Json.Nodes;
using ClusterGrains.Fleet;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetItemTests
{
    private const string Healthy = """{"verdict":"Healthy","reason":"AllGood","freshUntil":"2026-01-01T12:00:00Z"}""";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_verdict_is_shown_while_it_is_fresh()
    {
        var item = FleetItem.From(Row(Healthy), Noon);

        Assert.Equal(("Healthy", "AllGood"), Shown(item));
    }

    [Fact]
    public void A_verdict_that_nobody_refreshed_is_unknown_however_green_it_was()
    {
        var item = FleetItem.From(Row(Healthy), Noon.AddMilliseconds(1));

        Assert.Equal(("Unknown", "Stale"), Shown(item));
    }

    [Fact]
    public void What_made_a_verdict_green_is_not_shown_beside_unknown_and_it_is_said_since_when()
    {
        var item = FleetItem.From(
            Row("""{"verdict":"Healthy","reason":"AllGood","message":"All is well.","health":"green","freshUntil":"2026-01-01T12:00:00Z"}"""), Noon.AddHours(1));

        Assert.Equal(
            (null, "2026-01-01T12:00:00Z", "Nothing fresh is known since 2026-01-01T12:00:00Z, and nobody has tried: its turn is late."),
            ((string?)item["health"], (string?)item["since"], (string?)item["message"]));
    }

    [Fact]
    public void Who_was_found_unknown_keeps_the_reason_however_old_the_last_answer_is()
    {
        var item = FleetItem.From(
            Row("""{"verdict":"Unknown","reason":"ConnectionFailed","message":"Refused.","freshUntil":"2026-01-01T12:00:00Z"}"""), Noon.AddDays(1));

        Assert.Equal(("Unknown", "ConnectionFailed"), Shown(item));
        Assert.Equal("Refused.", (string?)item["message"]);
    }

    [Fact]
    public void A_verdict_without_an_end_does_not_grow_stale()
    {
        var item = FleetItem.From(Row("""{"verdict":"Suspended","reason":"Suspended"}"""), Noon.AddYears(1));

        Assert.Equal(("Suspended", "Suspended"), Shown(item));
    }

    [Fact]
    public void A_resource_that_was_never_checked_is_listed_without_a_verdict()
    {
        var item = FleetItem.From(Row(summary: null), Noon);

        Assert.Null(item["verdict"]);
        Assert.Equal("logs", (string?)item["name"]);
    }

    [Fact]
    public void A_retired_resource_is_not_shown()
    {
        Assert.False(FleetItem.IsShown(Row(Healthy) with { Phase = "Retired" }));
        Assert.True(FleetItem.IsShown(Row(Healthy)));
    }

    private static (string?, string?) Shown(JsonObject item) => ((string?)item["verdict"], (string?)item["reason"]);

    private static IndexRow Row(string? summary) => new(
        "SearchCluster", "search", "logs", "uid", Generation: 1, Intent: "", Phase: "Active", NextDue: null, Revision: 1, Claim: null, summary);
}
