using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Access;
using ClusterGrains.Tests.Datasets;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Fleet;

/// <summary>The fleet page as somebody on call sees it in a browser.</summary>
public sealed class PageTests(PageWorld world) : IClassFixture<PageWorld>, IDisposable
{
    private const string Cure = "See that the cluster is up.";

    private static readonly SearchClusterWork Healthy = new SearchClusterWork().After(new CheckOutcome
    {
        FinishedAt = PageWorld.Now.AddHours(-3),
        Answered = true,
        Identity = new ClusterIdentity("OpenSearch", "3.5.0", "logs", "uuid-1"),
        Health = "green",
    });

    // Only turns a hang into a failure.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task What_is_stale_is_shown_with_why_and_since_when_and_what_is_well_is_not()
    {
        await world.Leave("night/untried", Healthy, PageWorld.Now.AddHours(-3));
        await world.Leave("night/away", Silent("ConnectionFailed", Cure), PageWorld.Now);
        await world.Leave("night/well", Healthy with { Answer = Healthy.Answer! with { FinishedAt = PageWorld.Now } }, PageWorld.Now);
        await world.Leave("night/data", Ledgers.Looked(PageWorld.Now) with { Blocked = new Trouble("DiskFull", "No room.", PageWorld.Now.AddHours(-1), 2) }, PageWorld.Now);

        var promoted = Ledgers.Looked(PageWorld.Now, "v1") with { Published = Ledgers.Published() };
        await world.Leave("night/current", promoted, PageWorld.Now);
        await world.Leave("night/silent", promoted with { Look = new SourceLook(PageWorld.Now, "v1", PageWorld.Now.AddHours(-30), 1) }, PageWorld.Now);

        var browser = await world.Open("?namespace=night", _limit.Token);
        await browser.Until(text => text.Contains("night/away", StringComparison.Ordinal), _limit.Token);
        var rows = await PageWorld.Rows(browser, _limit.Token);

        Assert.Equal(["night/away", "night/untried", "night/silent", "night/data"], rows.Select(row => row[1].Split('\n')[0]));
        Assert.Equal(["Unknown", "Unknown", "Promoted", "Waiting"], rows.Select(row => row[0]));
        Assert.Contains("ConnectionFailed", rows[0][2], StringComparison.Ordinal);
        Assert.Contains(Cure, rows[0][2], StringComparison.Ordinal);
        Assert.StartsWith("Stale", rows[1][2], StringComparison.Ordinal);
        Assert.Equal(["90 min ago", "90 min ago", "4 h ago", "60 min ago"], rows.Select(row => row[3]));
        Assert.StartsWith("NoNewVersion", rows[2][2], StringComparison.Ordinal);
        Assert.Contains("3 h ago", rows[1][4], StringComparison.Ordinal);
        Assert.Contains("4 of 6 resources need somebody.", await browser.Text(_limit.Token), StringComparison.Ordinal);
        Assert.Equal(
            $"{PageWorld.Now.AddMinutes(-90).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            (string?)await browser.Evaluate("document.querySelector('tbody td:nth-child(4) time').title", _limit.Token));
        Assert.Empty(browser.Trouble);
    }

    [Fact]
    public async Task What_a_link_says_is_what_is_shown_page_by_page()
    {
        foreach (var i in Enumerable.Range(1, 101))
        {
            await world.Leave($"many/logs-{i:D3}", Healthy, PageWorld.Now.AddHours(-3));
        }

        await world.Leave("many/other", Healthy, PageWorld.Now.AddHours(-3));

        var browser = await world.Open("?kind=SearchCluster&namespace=many&prefix=logs&verdict=Unknown&reason=Stale", _limit.Token);
        await browser.Until(text => text.Contains("logs-001", StringComparison.Ordinal), _limit.Token);
        Assert.Equal(100, (await PageWorld.Rows(browser, _limit.Token)).Length);
        Assert.Equal("Unknown", (string?)await browser.Evaluate("document.querySelector('#filter').elements.verdict.value", _limit.Token));

        await browser.Evaluate("[...document.querySelectorAll('#view a')].find(link => link.innerText.startsWith('More')).click()", _limit.Token);
        await browser.Until(text => text.Contains("logs-101", StringComparison.Ordinal), _limit.Token);
        Assert.StartsWith("many/logs-101", Assert.Single(await PageWorld.Rows(browser, _limit.Token))[1], StringComparison.Ordinal);

        await browser.Evaluate("location.search = '?namespace=many&verdict=Healty'", _limit.Token);
        await browser.Until(text => text.Contains("There is no verdict Healty; there are Unknown, Healthy,", StringComparison.Ordinal), _limit.Token);
    }

    [Fact]
    public async Task One_resource_shows_its_findings_conditions_changes_and_what_to_type()
    {
        await world.Leave("one/away", Silent("ConnectionFailed", Cure), PageWorld.Now);
        await world.Record(Records.Transition() with
        {
            Target = Records.Target() with { Namespace = "one", Name = "away", Uid = "uid-of-away" },
            Seq = 1,
            FinishedAt = PageWorld.Now.AddDays(-2),
            From = "Healthy",
            To = "Unknown",
            Reason = "LongAgo",
        });
        await world.Leave(
            "one/data",
            Ledgers.Looked(PageWorld.Now, "v2") with
            {
                Candidate = Ledgers.Candidate("run", UpdateStep.Approve) with { Index = "products-it's-2" },
                Blocked = new Trouble(DatasetCodes.ApprovalPending, "Version v2 waits for an approval.", PageWorld.Now.AddHours(-1), 1),
            },
            PageWorld.Now);

        var browser = await world.Open("?kind=SearchCluster&namespace=one&name=away", _limit.Token);
        var cluster = await browser.Until(text => text.Contains("LongAgo", StringComparison.Ordinal), _limit.Token);
        await world.Open("?kind=SearchDataset&namespace=one&name=data", _limit.Token);
        var dataset = await browser.Until(text => text.Contains("Nothing changed", StringComparison.Ordinal), _limit.Token);

        Assert.All(
            ["Findings", Cure, "Conditions", "Reachable", "90 min ago", "kubectl -n one describe scl away", "OpenSearch 3.5.0"],
            told => Assert.Contains(told, cluster, StringComparison.Ordinal));
        Assert.All(
            ["AwaitingApproval", "Approve", @"kubectl -n one annotate --overwrite sds data clustergrains.io/approve='products-it'\''s-2'"],
            told => Assert.Contains(told, dataset, StringComparison.Ordinal));
        Assert.Empty(browser.Trouble);
    }

    [Fact]
    public async Task What_strangers_write_is_text_and_runs_nothing_and_nothing_is_wider_than_a_telephone()
    {
        const string evil = "<img src=x onerror=\"window.owned=1\"><script>window.owned=1</script>\u202eevil";
        const string name = "<img src=x onerror=window.owned=1>";
        await world.Leave($"strange/{name}{new string('w', 200)}", Silent("<b>owned", evil), PageWorld.Now);
        await world.Leave("strange/long", Silent("NoAnswer", evil + new string('W', 200)), PageWorld.Now);

        var browser = await world.Open("?namespace=strange", _limit.Token);
        await browser.Resize(400, 800, _limit.Token);
        var list = await browser.Until(text => text.Contains("strange/long", StringComparison.Ordinal), _limit.Token);
        var width = (int)(await browser.Evaluate("document.documentElement.scrollWidth", _limit.Token))!;
        await world.Open("?kind=SearchCluster&namespace=strange&name=long", _limit.Token);
        var detail = await browser.Until(text => text.Contains("Conditions", StringComparison.Ordinal), _limit.Token);
        var inserted = await browser.Evaluate(
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.owned = 2' })), typeof window.owned", _limit.Token);

        Assert.Contains(name, list, StringComparison.Ordinal);
        Assert.Contains("<script>window.owned=1</script>", detail, StringComparison.Ordinal);
        Assert.Equal("undefined", (string?)inserted);
        Assert.Equal(0, (int)(await browser.Evaluate("document.querySelectorAll('img, b').length", _limit.Token))!);
        Assert.InRange(width, 1, 400);
        await browser.Resize(1280, 900, _limit.Token);
    }

    [Fact]
    public async Task A_page_whose_questions_are_not_answered_says_so_and_is_green_no_more()
    {
        await world.Leave("quiet/logs", Healthy with { Answer = Healthy.Answer! with { FinishedAt = PageWorld.Now } }, PageWorld.Now);
        var browser = await world.Open("?namespace=quiet&verdict=any", _limit.Token);
        await browser.Until(text => text.Contains("quiet/logs", StringComparison.Ordinal), _limit.Token);
        await browser.Evaluate("document.querySelector('#view a').focus()", _limit.Token);
        Assert.Equal("none", await Filter(browser));

        browser.Pretend = url => url.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) ? new PretendAnswer(0) : null;
        await Again(browser);
        var away = await browser.Until(text => text.Contains("Not up to date", StringComparison.Ordinal), _limit.Token);
        Assert.Contains("quiet/logs", away, StringComparison.Ordinal);
        Assert.Matches(@"what is shown is of \d\d:\d\d:\d\d UTC\. The fleet API does not answer\.", away);
        Assert.Equal("grayscale(1)", await Filter(browser));

        browser.Pretend = url => url.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal)
            ? new PretendAnswer(503, """{"title":"x","status":503,"detail":"The storage did not answer. Try again."}""")
            : null;
        await Again(browser);
        await browser.Until(text => text.Contains("The storage did not answer. Try again.", StringComparison.Ordinal), _limit.Token);

        browser.Pretend = _ => null;
        await browser.Evaluate("document.querySelector('#trouble button').click()", _limit.Token);
        await browser.Until(text => !text.Contains("Not up to date", StringComparison.Ordinal), _limit.Token);
        Assert.Equal("none", await Filter(browser));
        Assert.StartsWith("quiet/logs", (string?)await browser.Evaluate("document.activeElement.innerText", _limit.Token), StringComparison.Ordinal);
    }

    private static SearchClusterWork Silent(string code, string message) => Healthy.After(new CheckOutcome
    {
        FinishedAt = PageWorld.Now.AddMinutes(-10),
        Answered = false,
        Findings = [new Finding { Code = code, Severity = Severity.Warning, Message = message }],
    });

    /// <summary>As when somebody comes back to the page.</summary>
    private Task<JsonNode?> Again(Browser browser) =>
        browser.Evaluate("document.dispatchEvent(new Event('visibilitychange')), null", _limit.Token);

    private async Task<string?> Filter(Browser browser) =>
        (string?)await browser.Evaluate("getComputedStyle(document.querySelector('#view')).filter", _limit.Token);
}
