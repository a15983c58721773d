using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Clusters.Indices;
using ClusterGrains.Sandbox.Kubernetes.Requests;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Resources;

namespace ClusterGrains.Tests.Faults;

/// <summary>A fault world with one search cluster and datasets in it: their sources, and what arrived in the cluster.</summary>
internal sealed class DatasetWorld : IAsyncDisposable
{
    private const string ClusterName = "logs";

    private readonly TestFolder _sources = new();

    private DatasetWorld(FaultWorld faults) => Faults = faults;

    public FaultWorld Faults { get; }

    public PretendCluster Cluster => Faults.Cluster;

    /// <param name="schedule">Of the search cluster's checks.</param>
    public static async Task<DatasetWorld> Start(
        CancellationToken cancellationToken,
        string schedule = "interval: 12h",
        HistoryOptions? history = null,
        PretendClusterOptions? cluster = null)
    {
        var world = new DatasetWorld(await FaultWorld.Start(cancellationToken, history, cluster));
        world.Faults.Settings.Add($"--Datasets:FileRoots:0={world._sources.Path}");
        world.Faults.Create(ClusterName, schedule: schedule);
        return world;
    }

    /// <summary>The source of a dataset, a folder of its own.</summary>
    public SourceFolder Source(string name) => new(Path.Combine(_sources.Path, name));

    /// <summary>Creates a dataset whose alias is called like it, looked at every second.</summary>
    /// <param name="spec">What differs, as a JSON merge patch of its spec.</param>
    public void Create(string name, string spec = "{}")
    {
        Directory.CreateDirectory(Path.Combine(_sources.Path, name));
        var usual = JsonNode.Parse($$"""
            {
              "clusterRef": {"name": "{{ClusterName}}"},
              "alias": "{{name}}",
              "source": {"uri": "{{Source(name).Uri}}", "idField": "sku"},
              "index": {
                "shards": 2,
                "mappings": {"properties": {
                  "sku": {"type": "keyword"}, "version": {"type": "keyword"}, "price": {"type": "double"},
                  "title": {"type": "text"}, "count": {"type": "double"}, "filler": {"type": "keyword", "index": false}
                } }
              },
              "load": {"batchBytes": "64Ki", "workers": 2},
              "rollout": {"keepPrevious": 1, "orphanGrace": "0s"},
              "schedule": {"interval": "1s"}
            }
            """)!.AsObject();
        var merged = MergePatch.Apply(usual, JsonNode.Parse(spec)!.AsObject());
        Faults.Seed($$"""
            {"apiVersion": "clustergrains.io/v1alpha1", "kind": "SearchDataset",
             "metadata": {"name": "{{name}}", "namespace": "default"},
             "spec": {{merged.ToJsonString()}}
            }
            """);
    }

    public Task Edit(string name, string spec) => Faults.Edit(name, spec, SearchDatasets.Kind);

    public Task Annotate(string name, string annotation, string value) => Faults.Patch(
        name, $$"""{"metadata": {"annotations": {"clustergrains.io/{{annotation}}": "{{value}}"} } }""", SearchDatasets.Kind);

    /// <summary>Gone, and everything of it is in the history.</summary>
    public async Task Bury(string name)
    {
        await Faults.Delete(name, SearchDatasets.Kind);
        Assert.True(await Faults.Until(
            () => Faults.Told.Any(line => line.Contains("record=tombstone", StringComparison.Ordinal) && IsOf(line, name)),
            TestContext.Current.CancellationToken));
    }

    /// <summary>The first status, from the one shown now, of which something holds.</summary>
    public Task<JsonObject> Shown(string name, Func<JsonObject, bool> holds) => Faults.Shown(name, holds, SearchDatasets.Kind);

    /// <summary>The status once a version is published and nothing is on its way.</summary>
    public Task<JsonObject> Promoted(string name, string version) => Shown(
        name, status => (string?)status["published"]?["version"] == version && status["candidate"] is null);

    /// <summary>The status once a condition has a reason.</summary>
    public Task<JsonObject> Says(string name, string condition, string reason) =>
        Shown(name, status => Reason(status, condition) == reason);

    public static string? Reason(JsonObject status, string condition) => (string?)Condition(status, condition)?["reason"];

    public static JsonObject? Condition(JsonObject status, string condition) => (JsonObject?)((JsonArray?)status["conditions"] ?? [])
        .FirstOrDefault(one => (string?)one!["type"] == condition);

    public static IEnumerable<string> Findings(JsonObject status) =>
        ((JsonArray?)status["findings"] ?? []).Select(finding => (string)finding!["code"]!);

    /// <summary>How many <c>update</c> records of a dataset the silos said they had stored; each is one, however often it was sent.</summary>
    public int Updates(string name) => Faults.Told
        .Where(line => line.StartsWith("put ", StringComparison.Ordinal)
            && line.Contains("record=update", StringComparison.Ordinal) && IsOf(line, name))
        .Distinct().Count();

    /// <summary>The history of a dataset, in order; without holes.</summary>
    public IReadOnlyList<HistoryRecord> History(string name)
    {
        HistoryRecord[] records =
        [
            .. from record in Faults.Records()
               where record.Target.Kind == SearchDatasets.Kind.Name && record.Target.Name == name
               orderby record.Line, record.Seq
               select record,
        ];
        Unbroken.Assert(records);
        return records;
    }

    /// <summary>How each update of a dataset ended, in order, and why if it was not promoted.</summary>
    public (string Version, UpdateResult Result, string? Code)[] Ended(string name) =>
    [
        .. from record in History(name)
           where record.Record is RecordKind.Update
           select (record.Update!.Version, Enum.Parse<UpdateResult>(record.Outcome), record.Update.Code),
    ];

    /// <summary>Something is put into the search cluster by somebody else.</summary>
    public Task Put(string path, string body) => Send(HttpMethod.Put, path, body);

    /// <summary>Somebody else asks the search cluster for something.</summary>
    public Task Post(string path, string body) => Send(HttpMethod.Post, path, body);

    /// <summary>Something is deleted from the search cluster by somebody else.</summary>
    public Task Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <summary>The indices an alias shows.</summary>
    public IReadOnlyList<PretendIndex> Behind(string alias) => Cluster.Indices.Aliased(alias);

    /// <summary>All documents behind an alias, by their ids.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Arrived(string alias) => Assert.Single(Behind(alias)).Documents
        .All(onlyVisible: true).ToDictionary(document => document.Id, document => document.Source, StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Faults.DisposeAsync();
        _sources.Dispose();
    }

    private async Task Send(HttpMethod method, string path, string? body)
    {
        using var http = new HttpClient { BaseAddress = Cluster.Url };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
    }

    private static bool IsOf(string line, string name) =>
        line.Contains($"/resource=searchdataset.default.{name}.", StringComparison.Ordinal);
}
