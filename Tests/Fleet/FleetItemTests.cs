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
