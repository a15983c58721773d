using System.Globalization;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Fleet;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetListTests : IDisposable
{
    private const string Healthy = """{"verdict":"Healthy","reason":"AllChecksPassed","freshUntil":"2026-03-01T12:00:00Z"}""";
    private const string Critical = """{"verdict":"Critical","reason":"HealthRed"}""";
    private const string Refused = """{"verdict":"Unknown","reason":"ConnectionRefused"}""";

    private readonly FleetRig _rig = new("a", "b");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "a/logs a/logs-2 a/new a/shop b/logs b/orders")]
    [InlineData("?namespace=b", "b/logs b/orders")]
    [InlineData("?name=logs", "a/logs a/logs-2 b/logs")]
    [InlineData("?name=logs&namespace=b", "b/logs")]
    [InlineData("?phase=Retiring", "b/orders")]
    [InlineData("?phase=Active&namespace=b", "b/logs")]
    [InlineData("?verdict=Critical", "a/logs-2")]
    [InlineData("?verdict=Critical,Unknown", "a/logs-2 a/new b/logs")]
    [InlineData("?verdict=Critical&verdict=Unknown", "a/logs-2 a/new b/logs")]
    [InlineData("?reason=ConnectionRefused", "b/logs")]
    [InlineData("?reason=AllChecksPassed&name=s", "a/shop")]
    [InlineData("?reason=NeverJudged", "a/new")]
    [InlineData("?verdict=Healthy&reason=HealthRed", "")]
    public async Task A_list_shows_what_matches_all_filters(string query, string expected)
    {
        await PutAll();

        Assert.Equal(expected, string.Join(' ', FleetRig.Keys(await _rig.List(query))));
    }

    [Fact]
    public async Task A_verdict_is_filtered_as_it_is_shown_now()
    {
        await PutAll();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["a/logs", "a/new", "a/shop", "b/logs"], FleetRig.Keys(await _rig.List("?verdict=Unknown")));
        Assert.Equal(["a/logs", "a/shop"], FleetRig.Keys(await _rig.List("?reason=Stale")));
        Assert.Empty(FleetRig.Keys(await _rig.List("?verdict=Healthy")));
    }

    [Fact]
    public async Task Pages_of_any_size_show_every_match_once_and_in_order()
    {
        await PutAll();
        foreach (var query in (string[])["", "&verdict=Healthy,Critical", "&name=logs", "&verdict=Unknown"])
        {
            var all = FleetRig.Keys(await _rig.List($"?limit=500{query}")).ToArray();
            for (var limit = 1; limit <= all.Length + 1; limit++)
            {
                Assert.Equal(all, await Walk($"?limit={limit}{query}"));
            }
        }
    }

    [Fact]
    public async Task A_kind_has_its_own_verdicts()
    {
        await _rig.Put("a/data", """{"verdict":"Loading","reason":"Updating"}""", kind: "SearchDataset");

        Assert.Equal(["a/data"], FleetRig.Keys(await _rig.List("?verdict=Loading", SearchDatasets.Kind)));
        Assert.Equal(400, FleetRig.Problem(await _rig.List("?verdict=Loading")).Status);
    }

    [Fact]
    public async Task A_rare_verdict_in_a_large_fleet_costs_a_bounded_look_and_is_found_on_a_later_page()
    {
        var index = new LargeIndex(FleetPages.MaxLooked + 1_000);
        var pages = new FleetPages(index, _rig.Time);
        var (query, _) = FleetQuery.Read(SearchClusters.Kind, FleetRig.Request("?verdict=Critical&limit=2").Request.Query);

        var first = await pages.Read(SearchClusters.Kind, query, ["a"], Cancellation);
        Assert.Empty(first.Items);
        Assert.InRange(index.Read, FleetPages.MaxLooked, FleetPages.MaxLooked + 500);

        (query, _) = FleetQuery.Read(SearchClusters.Kind, FleetRig.Request($"?verdict=Critical&continue={first.Continue}").Request.Query);
        var second = await pages.Read(SearchClusters.Kind, query, ["a"], Cancellation);
        Assert.Equal("r05999", (string?)Assert.Single(second.Items)["name"]);
        Assert.Null(second.Continue);
    }

    [Fact]
    public async Task A_page_without_a_verdict_reads_one_row_more_than_it_shows()
    {
        var index = new LargeIndex(10_000);
        var (query, _) = FleetQuery.Read(SearchClusters.Kind, FleetRig.Request("?limit=100").Request.Query);

        var page = await new FleetPages(index, _rig.Time).Read(SearchClusters.Kind, query, ["a"], Cancellation);

        Assert.Equal((100, 101), (page.Items.Count, index.Read));
    }

    [Theory]
    [InlineData("?limit=501", "limit is 501; it must be between 1 and 500.")]
    [InlineData("?limit=0", "limit is 0; it must be between 1 and 500.")]
    [InlineData("?limit=many", "limit is many; it must be between 1 and 500.")]
    [InlineData("?limit=", "limit is empty; it must be between 1 and 500.")]
    [InlineData("?limit=99999999999999999999", "limit is 99999999999999999999; it must be between 1 and 500.")]
    [InlineData("?limit=1&limit=2", "limit is given 2 times; give it once.")]
    [InlineData("?continue=zzz", "continue is not a token that this API gave out; start again without it.")]
    [InlineData("?continue=%21", "continue is not a token that this API gave out; start again without it.")]
    [InlineData("?continue=QS9hL2I", "continue is not a token that this API gave out; start again without it.")]
    [InlineData("?namespace=Prod", "namespace is Prod; it must be a namespace: lower-case letters, digits and '-', at most 63.")]
    [InlineData("?name=%25", "name is %; it must be the beginning of a resource's name: lower-case letters, digits, '-' and '.'.")]
    [InlineData("?phase=Retired", "phase is Retired; it must be one of Active, Retiring.")]
    [InlineData("?verdict=critical", "verdict is critical; it must be one of Unknown, Healthy, Degraded, Critical, Suspended.")]
    [InlineData("?reason=a-b", "reason is a-b; it must be a code such as Stale: letters and digits, at most 64.")]
    [InlineData("?verdct=Critical", "verdct is no parameter here; there are namespace, name, phase, verdict, reason, limit, continue.")]
    [InlineData("?limit=0&phase=x", "phase is x; it must be one of Active, Retiring. limit is 0; it must be between 1 and 500.")]
    [InlineData("?phase=a%0d%0aSet-Cookie:%1b[31mx", "phase is a Set-Cookie: [31mx; it must be one of Active, Retiring.")]
    public async Task A_mistake_is_told_with_its_parameter_its_value_and_the_cure(string query, string detail) =>
        Assert.Equal((400, detail), FleetRig.Problem(await _rig.List(query)));

    [Fact]
    public async Task However_many_mistakes_there_are_the_answer_stays_short()
    {
        var query = "?" + string.Join('&', Enumerable.Range(0, 200).Select(i => $"{new string('x', 200)}{i}=1"));

        Assert.InRange(FleetRig.Problem(await _rig.List(query)).Detail.Length, 100, 2_500);
    }

    public void Dispose() => _rig.Dispose();

    private async Task<List<string>> Walk(string query)
    {
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = FleetRig.Document(await _rig.List($"{query}{(token is null ? "" : $"&continue={token}")}"));
            seen.AddRange(FleetRig.Keys(page));
            token = (string?)page["continue"];
        }
        while (token is not null);
        return seen;
    }

    private async Task PutAll()
    {
        await _rig.Put("b/logs", Refused);
        await _rig.Put("b/orders", Healthy.Replace("12:00", "13:00", StringComparison.Ordinal).Replace("Healthy", "Degraded", StringComparison.Ordinal), phase: "Retiring");
        await _rig.Put("b/gone", Critical, phase: "Retired");
        await _rig.Put("a/shop", Healthy);
        await _rig.Put("a/logs", Healthy);
        await _rig.Put("a/logs-2", Critical);
        await _rig.Put("a/new");
        await _rig.Put("c/hidden", Critical);
    }

    /// <summary>One namespace of healthy clusters, of which the last is not.</summary>
    private sealed class LargeIndex(int count) : IResourceIndex
    {
        public int Read { get; private set; }

        public Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken)
        {
            var first = query.After is { } after ? int.Parse(after.Name.AsSpan(1), CultureInfo.InvariantCulture) + 1 : 0;
            IndexRow[] rows = [.. Enumerable.Range(first, Math.Max(0, Math.Min(query.Limit, count - first))).Select(Row)];
            Read += rows.Length;
            return Task.FromResult<IReadOnlyList<IndexRow>>(rows);
        }

        public Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) => throw new NotSupportedException();

        private IndexRow Row(int number) => new(
            "SearchCluster", "a", $"r{number:D5}", $"uid-{number}", 1, "", "Active", null, 1, null, number == count - 1 ? Critical : """{"verdict":"Healthy"}""");
    }
}
