using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Processes;
using ClusterGrains.Tests.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// A Kubernetes API, a search cluster, and folders for state and history, around silos that come and go as processes.
/// </summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private readonly TestFolder _folder = new();
    private readonly ConcurrentBag<string> _opened = [];
    private KubernetesApi _api = null!;
    private ApiClient _client = null!;
    private PretendCluster _cluster = null!;
    private ChildProcess? _silo;

    /// <summary>The runs whose start was written, by the silos' own word.</summary>
    public IReadOnlyCollection<string> Opened => _opened;

    public static async Task<FaultWorld> Start(CancellationToken cancellationToken)
    {
        var world = new FaultWorld();
        world._api = await KubernetesApi.Start(
            new KubernetesApiOptions { DataFolder = world._folder.Path }, cancellationToken);
        world._client = new ApiClient(world._api.Kubeconfig);
        world._cluster = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, cancellationToken);
        return world;
    }

    /// <summary>A silo process on the same data as the one before; it dies at <paramref name="crashPoint"/>.</summary>
    public void StartSilo(string crashPoint = CrashPoint.None) => _silo = ChildProcess.Start(
        CrashingSilo.Verb,
        crashPoint,
        $"--Kubernetes:Kubeconfig={_api.KubeconfigPath}",
        $"--Storage:Sqlite:Path={System.IO.Path.Combine(_folder.Path, "state.db")}",
        $"--History:Uri=file://{HistoryFolder}",
        "--Checks:MinimumInterval=1s",
        "--Status:Refresh=1s",
        "--Endpoints:AllowLoopback=true",
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
        if (line?.Split(' ') is ["opened", var runId])
        {
            _opened.Add(runId);
        }

        Assert.False(line is not null && line.StartsWith("different ", StringComparison.Ordinal), line);
        return line;
    }

    /// <summary>Follows the silo until something holds; false when its process ended first.</summary>
    public async Task<bool> Until(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (!holds())
        {
            if (await Next(cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    public async Task KillSilo(CancellationToken cancellationToken)
    {
        await _silo!.Kill(cancellationToken);
        while (await Next(cancellationToken) is not null)
        {
            // What it still told before it died.
        }
    }

    /// <summary>The search cluster accepts requests and answers none until this is disposed.</summary>
    public IDisposable HoldAnswers() => _cluster.Hold();

    public void Create(string name) => _api.Seed($$$"""
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: {{{name}}}, namespace: default}
        spec: {endpoints: ["{{{_cluster.Url}}}"], schedule: {interval: 1s}}
        """);

    public Task Edit(string name) => _client.Patch(Path(name), """{"spec":{"schedule":{"timeout":"7s"}}}""");

    public Task Delete(string name) => _client.Delete(Path(name));

    public async Task<JsonObject> Get(string name) => (await _client.Get(Path(name))).Json;

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

        await _cluster.DisposeAsync();
        _client.Dispose();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    private IEnumerable<string> Epochs(string record) =>
        from kind in Directory.EnumerateDirectories(System.IO.Path.Combine(HistoryFolder, "v1", "history"), record)
        from epoch in Directory.EnumerateDirectories(kind, "resource=*", SearchOption.AllDirectories)
        select System.IO.Path.GetFileName(epoch);

    private string HistoryFolder => System.IO.Path.Combine(_folder.Path, "history");

    private static string Path(string name) =>
        $"/apis/clustergrains.io/v1alpha1/namespaces/default/searchclusters/{name}";
}
