using System.Text.Json.Nodes;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetSummaryTests : IDisposable
{
    private const string Healthy = """{"verdict":"Healthy","reason":"AllChecksPassed","freshUntil":"2026-03-01T12:00:00Z"}""";

    private readonly FleetRig _rig = new("a", "b");

    [Fact]
    public async Task Every_kind_is_counted_by_verdict_and_by_why_nothing_is_known()
    {
        await _rig.Put("a/one", Healthy);
        await _rig.Put("b/one", Healthy, phase: "Retiring");
        await _rig.Put("b/two", """{"verdict":"Unknown","reason":"ConnectionRefused"}""");
        await _rig.Put("b/new");
        await _rig.Put("b/gone", Healthy, phase: "Retired");
        await _rig.Put("b/data", """{"verdict":"Loading","reason":"Updating"}""", kind: "SearchDataset");

        var clusters = await Kind("SearchCluster");

        Assert.Equal((4, 1, "searchclusters"), ((int)clusters["total"]!, (int)clusters["retiring"]!, (string)clusters["plural"]!));
        Assert.Equal("""{"Unknown":2,"Healthy":2,"Degraded":0,"Critical":0,"Suspended":0}""", clusters["verdicts"]!.ToJsonString());
        Assert.Equal("Unknown ConnectionRefused 1, Unknown NeverJudged 1", Troubles(clusters));
        Assert.Equal((1, 1), ((int)(await Kind("SearchDataset"))["total"]!, (int)(await Kind("SearchDataset"))["verdicts"]!["Loading"]!));
    }

    [Fact]
    public async Task What_needs_somebody_is_told_with_why_and_the_most_urgent_first()
    {
        await _rig.Put("a/fine", """{"verdict":"Promoted","reason":"UpToDate"}""", kind: "SearchDataset");
        await _rig.Put("a/moving", """{"verdict":"Loading","reason":"Updating"}""", kind: "SearchDataset");
        await _rig.Put("a/waiting", """{"verdict":"Waiting","reason":"DiskFull"}""", kind: "SearchDataset");
        await _rig.Put("a/silent", """{"verdict":"Promoted","reason":"NoNewVersion"}""", kind: "SearchDataset");
        await _rig.Put("b/silent", """{"verdict":"Promoted","reason":"NoNewVersion"}""", kind: "SearchDataset");
        await _rig.Put("b/gone", """{"verdict":"Failed","reason":"TooFewDocs"}""", kind: "SearchDataset", phase: "Retiring");

        Assert.Equal("Promoted NoNewVersion 2, Waiting DiskFull 1", Troubles(await Kind("SearchDataset")));
    }

    [Fact]
    public async Task One_namespace_is_counted_alone()
    {
        await _rig.Put("a/one", Healthy);
        await _rig.Put("b/one", Healthy);
        await _rig.Put("b/two");

        Assert.Equal(2, (int)(await Kind("SearchCluster", "?namespace=b"))["total"]!);
    }

    [Fact]
    public async Task A_count_is_shared_for_a_moment_and_then_made_anew()
    {
        await _rig.Put("a/one", Healthy);
        Assert.Equal(1, (int)(await Kind("SearchCluster"))["total"]!);
        await _rig.Put("a/two", Healthy);

        _rig.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, (int)(await Kind("SearchCluster"))["total"]!);

        _rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((2, 2), ((int)(await Kind("SearchCluster"))["total"]!, (int)(await Kind("SearchCluster"))["verdicts"]!["Unknown"]!));
        Assert.Equal("Unknown Stale 2", Troubles(await Kind("SearchCluster")));
        Assert.Equal("2026-03-01T12:00:05.0000000Z", (string?)FleetRig.Document(await _rig.Summary())["countedAt"]);
    }

    public void Dispose() => _rig.Dispose();

    private static string Troubles(JsonNode kind) =>
        string.Join(", ", kind["troubles"]!.AsArray().Select(one => $"{one!["verdict"]} {one["reason"]} {one["resources"]}"));

    private async Task<JsonNode> Kind(string kind, string query = "") => FleetRig.Document(await _rig.Summary(query))["kinds"]![kind]!;
}
