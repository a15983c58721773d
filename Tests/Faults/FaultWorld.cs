using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Processes;
using ClusterGrains.Tests.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// A Kubernetes API, a search cluster, and places for state and history, around silos that come and go as processes.
/// </summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private readonly TestFolder _folder = new();
    private readonly List<string> _told = [];
    private HistoryOptions _history = null!;
    private KubernetesApi _api = null!;
    private ApiClient _client = null!;
    private ChildProcess? _silo;

    /// <summary>The search cluster of everything that names no other.</summary>
    public PretendCluster Cluster { get; private set; } = null!;

    /// <summary>Every line of every silo that was read so far.</summary>
    public IReadOnlyList<string> Told => _told;

    /// <summary>The runs whose start was written, by the silos' own word.</summary>
    public IReadOnlyCollection<string> Opened =>
        [.. from line in _told where line.StartsWith("opened ", StringComparison.Ordinal) select line["opened ".Length..]];

    /// <param name="history">Where the silos keep history; a folder of this world's own when not given.</param>
    public static async Task<FaultWorld> Start(CancellationToken cancellationToken, HistoryOptions? history = null)
    {
        var world = new FaultWorld();
        world._history = history ?? new HistoryOptions { Uri = $"file://{world.HistoryFolder}" };
        world._api = await KubernetesApi.Start(
            new KubernetesApiOptions { DataFolder = world._folder.Path }, cancellationToken);
        world._client = new ApiClient(world._api.Kubeconfig);
        world.Cluster = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, cancellationToken);
        return world;
    }

    /// <summary>A silo process on the same data as the one before; it dies at <paramref name="crashPoint"/>.</summary>
    public void StartSilo(string crashPoint = CrashPoint.None) => _silo = ChildProcess.Start(
        CrashingSilo.Verb,
        crashPoint,
        $"--Kubernetes:Kubeconfig={_api.KubeconfigPath}",
        $"--Storage:Sqlite:Path={System.IO.Path.Combine(_folder.Path, "state.db")}",
        $"--History:Uri={_history.Uri}",
        $"--History:S3:ServiceUrl={_history.S3.ServiceUrl}",
        $"--History:S3:AccessKey={_history.S3.AccessKey}",
        $"--History:S3:SecretKey={_history.S3.SecretKey}",
        "--Checks:MinimumInterval=1s",
        "--Status:Refresh=1s",
        "--Endpoints:AllowLoopback=true",
        "--Orleans:SiloPort=0",
        "--Http:Port=0",
        "--Management:Port=0",
        "--Orleans:SiloPort=0",
        "--Logging:LogLevel:Default=None");

    /// <summary>The next thing the silo tells; null when its process has ended.</summary>
    public async Task<string?> Next(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Guard);
        var line = await _silo!.ReadLine(patience.Token);
        if (line is not null)
        {
            _told.Add(line);
            Assert.False(line.StartsWith("different ", StringComparison.Ordinal), line);
        }

        return line;
    }

    /// <summary>Follows the silo until something holds; false when its process ended first.</summary>
    public async Task<bool> Until(Func<bool> holds, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Guard);
        while (!holds())
        {
            if (await Next(patience.Token) is null)
            {
                return false;
            }
        }

        return true;
    }

    public async Task KillSilo(CancellationToken cancellationToken)
    {
        await _silo!.Kill(cancellationToken);
        await HearOut(cancellationToken);
    }

    /// <summary>The silo ends by itself, as by SIGTERM.</summary>
    public async Task StopSilo(CancellationToken cancellationToken)
    {
        Assert.Equal(0, await _silo!.Stop(cancellationToken));
        await HearOut(cancellationToken);
    }

    /// <summary>The search cluster accepts requests and answers none until this is disposed.</summary>
    public AnswerGate HoldAnswers() => Cluster.Hold();

    public void Create(string name, PretendCluster? cluster = null, string schedule = "interval: 1s") => _api.Seed($$$"""
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: {{{name}}}, namespace: default}
        spec: {endpoints: ["{{{(cluster ?? Cluster).Url}}}"], schedule: {{{{schedule}}}}}
        """);

    public async Task Edit(string name, string spec = """{"schedule":{"timeout":"7s"}}""") =>
        (await _client.Patch(Path(name), $$"""{"spec":{{spec}}}""")).Expect(HttpStatusCode.OK);

    public async Task Delete(string name) => (await _client.Delete(Path(name))).Expect(HttpStatusCode.OK);

    public Task<ApiAnswer> Get(string name) => _client.Get(Path(name));

    /// <summary>One resource as it is, and every version of it from now on.</summary>
    public Task<ApiWatch> Watch(string name) =>
        _client.Watch($"{Path("")[..^1]}?watch=true&fieldSelector=metadata.name={name}");

    /// <summary>The first status, from the one shown now, of which something holds.</summary>
    public Task<JsonObject> Shown(string name, Func<JsonObject, bool> holds) =>
        FirstShown(name, holds).WaitAsync(Guard, TestContext.Current.CancellationToken);

    /// <summary>All that is in the history now.</summary>
    public IReadOnlyList<HistoryRecord> Records() => !Directory.Exists(HistoryFolder)
        ? []
        :
        [
            .. Directory.EnumerateFiles(HistoryFolder, "*.json.gz", SearchOption.AllDirectories)
                .Select(file => HistoryObject.Open(File.ReadAllBytes(file))),
        ];

    /// <summary>Whether every epoch that left any record has its tombstone, by the names of the folders alone.</summary>
    public bool AllBuried()
    {
        var all = Epochs("*").ToHashSet();
        all.ExceptWith(Epochs("record=tombstone"));
        return all.Count == 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        _client.Dispose();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<JsonObject> FirstShown(string name, Func<JsonObject, bool> holds)
    {
        using var watch = await Watch(name);
        while (true)
        {
            var (_, resource) = await watch.Next();
            if (resource["status"] is JsonObject status && holds(status))
            {
                return status;
            }
        }
    }

    /// <summary>What a silo still told before it ended.</summary>
    private async Task HearOut(CancellationToken cancellationToken)
    {
        while (await Next(cancellationToken) is not null)
        {
        }
    }

    private IEnumerable<string> Epochs(string record) =>
        from kind in Directory.EnumerateDirectories(System.IO.Path.Combine(HistoryFolder, "v1", "history"), record)
        from epoch in Directory.EnumerateDirectories(kind, "resource=*", SearchOption.AllDirectories)
        select System.IO.Path.GetFileName(epoch);

    private string HistoryFolder => System.IO.Path.Combine(_folder.Path, "history");

    private static string Path(string name) =>
        $"/apis/clustergrains.io/v1alpha1/namespaces/default/searchclusters/{name}";
}
