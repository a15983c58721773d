using System.Net;

namespace ClusterGrains.Tests.Access;

/// <summary>The Orleans dashboard as a person sees it in a browser, and as nobody else does.</summary>
public sealed class DashboardTests(AccessWorld world) : IClassFixture<AccessWorld>, IDisposable
{
    private const string Resources = """
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: ticking, namespace: team-a}
        spec: {endpoints: ["http://127.0.0.1:1"], schedule: {interval: 1h}}
        ---
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchDataset
        metadata: {name: looking, namespace: team-a}
        spec: {clusterRef: {name: ticking}, alias: looking, source: {uri: "file:///nowhere/looking"}}
        """;

    // Only turns a hang into a failure.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task A_browser_shows_both_grain_types_and_their_reminders_to_who_has_a_token()
    {
        world.Kubernetes.Seed(Resources);
        await using var browser = await Browser.Start(world.Tls.Certificate, AccessWorld.Operator, _limit.Token);

        await browser.Open(new Uri(world.Address, "/dashboard/#/grains"), _limit.Token);
        await browser.Until(
            text => text.Contains("SearchClusterGrain", StringComparison.Ordinal) && text.Contains("SearchDatasetGrain", StringComparison.Ordinal),
            _limit.Token);
        await browser.Open(new Uri(world.Address, "/dashboard/#/reminders/1"), _limit.Token);
        var reminders = await browser.Until(
            text => text.Contains("ticking", StringComparison.Ordinal) && text.Contains("looking", StringComparison.Ordinal), _limit.Token);

        Assert.Contains("searchcluster", reminders, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("searchdataset", reminders, StringComparison.OrdinalIgnoreCase);
        Assert.True((await browser.Picture(_limit.Token)).Length > 10_000, "There is next to nothing to see.");

        // The first request has no token yet: that is how a browser learns to ask for it.
        Assert.All(browser.Trouble, trouble => Assert.StartsWith("401 ", trouble, StringComparison.Ordinal));
        Assert.True(browser.Trouble.Count <= 1, string.Join('\n', browser.Trouble));
    }

    [Theory]
    [InlineData(null, "401")]
    [InlineData(AccessWorld.TeamA, "403")]
    public async Task A_browser_shows_nothing_to_the_anonymous_and_to_who_has_no_right(string? password, string status)
    {
        await using var browser = await Browser.Start(world.Tls.Certificate, password, _limit.Token);

        await browser.Open(new Uri(world.Address, "/dashboard/"), _limit.Token);
        var text = await browser.Until(text => text.Contains(status, StringComparison.Ordinal), _limit.Token);

        Assert.DoesNotContain("Grain", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GrainState?grainId=searchcluster/team-a/open-logs&grainType=ClusterGrains.Clusters.SearchClusterGrain")]
    [InlineData("grainstate")]
    [InlineData("Trace")]
    [InlineData("TRACE/")]
    public async Task What_calls_grains_or_streams_the_log_is_closed_to_everybody(string path)
    {
        using var known = await world.Get($"/dashboard/{path}", AccessWorld.Operator);
        using var anonymous = await world.Get($"/dashboard/{path}");

        Assert.Equal(HttpStatusCode.NotFound, known.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }
}
