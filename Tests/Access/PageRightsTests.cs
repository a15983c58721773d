namespace ClusterGrains.Tests.Access;

/// <summary>The fleet page shows each caller what they may see, and asks a browser's user for the token.</summary>
public sealed class PageRightsTests(AccessWorld world) : IClassFixture<AccessWorld>, IDisposable
{
    // Only turns a hang into a failure.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Who_may_see_one_namespace_sees_that_one_only()
    {
        await using var browser = await Browser.Start(world.Tls.Certificate, AccessWorld.TeamA, _limit.Token);

        await browser.Open(new Uri(world.Address, "/?verdict=any"), _limit.Token);
        var text = await browser.Until(
            text => text.Contains("team-a/open-logs", StringComparison.Ordinal) && text.Contains("SearchCluster 1", StringComparison.Ordinal), _limit.Token);
        await browser.Open(new Uri(world.Address, "/?namespace=team-b&verdict=any"), _limit.Token);
        var refused = await browser.Until(text => text.Contains("You may not list", StringComparison.Ordinal), _limit.Token);

        Assert.DoesNotContain("hidden-orders", text + refused, StringComparison.Ordinal);
        Assert.Contains("Nothing can be shown.", refused, StringComparison.Ordinal);

        Assert.All(browser.Trouble, trouble => Assert.Matches("^40[13] ", trouble));
    }
}
