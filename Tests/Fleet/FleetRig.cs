using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Fleet;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Fleet;

/// <summary>The fleet API on a database and a history folder of its own, for a caller with some rights. No HTTP, no grains.</summary>
internal sealed class FleetRig : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database = new TestDatabase().Open();
    private readonly TestFolder _folder = new();
    private readonly FleetCounter _counter;

    public FleetRig(params string[] visible)
    {
        Rights = new PretendRights(visible);
        _counter = new FleetCounter(Index, [SearchClusters.Kind, SearchDatasets.Kind], Time);
        Store = new FileHistoryStore(_folder.Path, Time);
        Reader = new FileHistoryReader(_folder.Path);
    }

    public FakeTimeProvider Time { get; } = new(Noon);

    public PretendRights Rights { get; }

    public IResourceIndex Index => _database.Index;

    public IHistoryStore Store { get; }

    public IHistoryReader Reader { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FleetApi Api => new(Index, new FleetPages(Index, Time), Rights, null!, Time);

    public async Task Put(string key, string? summary = null, string kind = "SearchCluster", string phase = "Active")
    {
        var (space, name) = ResourceKey.Parse(key);
        var state = new SampleState { Kind = kind, Namespace = space, Name = name, Summary = summary, Phase = phase };
        await _database.Storage.WriteStateAsync(
            "state", GrainId.Create(kind, key), new GrainState<SampleState>(state, null!), Cancellation);
    }

    public async Task Record(HistoryRecord record)
    {
        var entry = HistoryObject.Seal(record);
        await Store.Put(entry.Key, entry.Body, Cancellation);
    }

    public async Task<object> List(string query = "", ResourceKind? kind = null) =>
        Answer(await Api.List(kind ?? SearchClusters.Kind, Request(query), Cancellation));

    public async Task<object> Find(string key) =>
        Answer(await Api.Find(SearchClusters.Kind, Parse(key), Request(""), Cancellation));

    public async Task<object> Summary(string query = "") => Answer(
        await new FleetSummary(_counter, [SearchClusters.Kind, SearchDatasets.Kind], Rights).Show(Request(query), Cancellation));

    public async Task<object> History(string key, string query = "", HttpContext? request = null)
    {
        using var history = NewHistory();
        return Answer(await history.List(SearchClusters.Kind, Parse(key), request ?? Request(query), Cancellation));
    }

    public FleetHistory NewHistory() => new(Index, new FleetHistoryPages(Reader, Time), Rights, Time);

    public static HttpContext Request(string query) => new DefaultHttpContext { Request = { QueryString = new QueryString(query) } };

    /// <summary>The document, or the problem.</summary>
    public static object Answer(Results<JsonHttpResult<JsonObject>, ProblemHttpResult> answer) => answer.Result switch
    {
        JsonHttpResult<JsonObject> json => json.Value!,
        ProblemHttpResult problem => problem,
        var other => throw new InvalidOperationException($"{other} is no answer."),
    };

    public static JsonObject Document(object answer) => Assert.IsType<JsonObject>(answer);

    public static (int Status, string Detail) Problem(object answer)
    {
        var problem = Assert.IsType<ProblemHttpResult>(answer);
        return (problem.StatusCode, problem.ProblemDetails.Detail!);
    }

    public static IEnumerable<string> Keys(object answer) =>
        Document(answer)["items"]!.AsArray().Select(item => $"{item!["namespace"]}/{item["name"]}");

    public void Dispose()
    {
        _counter.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private static ResourceKey Parse(string key) => new(key.Split('/')[0], key.Split('/')[1]);
}
