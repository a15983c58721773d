using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Processes;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Verification;
using ApiAnswer = ClusterGrains.Tests.Sandbox.Kubernetes.ApiAnswer;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// A Kubernetes API, a search cluster, and places for state and history, around silos that come and go as processes.
/// </summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private readonly TestFolder _folder = new();
    private readonly List<string> _told = [];
    private Channel<string> _lines = Channel.CreateUnbounded<string>();
    private HistoryOptions _history = null!;
    private KubernetesApi _api = null!;
    private ApiClient _client = null!;
    private ChildProcess? _silo;

    /// <summary>The search cluster of everything that names no other.</summary>
    public PretendCluster Cluster { get; private set; } = null!;

    /// <summary>For clients of the Kubernetes API.</summary>
    public string Kubeconfig => _api.Kubeconfig;

    /// <summary>More settings for the silos that are started from now on.</summary>
    public IList<string> Settings { get; } = [];

    /// <summary>Every line of every silo that was read so far.</summary>
    public IReadOnlyList<string> Told => _told;

    /// <summary>Whether the newest silo said that it had started.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The runs whose start was written, by the silos' own word.</summary>
    public IReadOnlyCollection<string> Opened =>
        [.. from line in _told where line.StartsWith("opened ", StringComparison.Ordinal) select line["opened ".Length..]];

    /// <param name="history">Where the silos keep history; a folder of this world's own when not given.</param>
    /// <param name="cluster">The search cluster; an OpenSearch 2 when not given.</param>
    public static async Task<FaultWorld> Start(
        CancellationToken cancellationToken, HistoryOptions? history = null, PretendClusterOptions? cluster = null)
    {
        var world = new FaultWorld();
        world._history = history ?? new HistoryOptions { Uri = $"file://{world.HistoryFolder}" };
        world._api = await KubernetesApi.Start(
            new KubernetesApiOptions { DataFolder = world._folder.Path }, cancellationToken);
        world._client = new ApiClient(world._api.Kubeconfig);
        world.Cluster = await PretendCluster.Start(
            cluster ?? new PretendClusterOptions { Name = "logs", Engine = PretendEngine.OpenSearch2 }, cancellationToken);
        return world;
    }

    /// <summary>A silo process on the same data as the one before; it dies at <paramref name="crashPoint"/>.</summary>
    public void StartSilo(string crashPoint = CrashPoint.None)
    {
        Arm(crashPoint);
        var silo = ChildProcess.Start(CrashingSilo.Verb, [ArmedFile, .. SiloArguments]);
        var lines = Channel.CreateUnbounded<string>();
        (_silo, _lines, IsRunning) = (silo, lines, false);
        _ = Listen(silo, lines.Writer);
    }

    /// <summary>The silo that runs dies at this point from now on.</summary>
    public void Arm(string crashPoint)
    {
        // Replaced in one step: the silo reads it at any time.
        File.WriteAllText($"{ArmedFile}.new", crashPoint);
        File.Move($"{ArmedFile}.new", ArmedFile, overwrite: true);
    }

    /// <summary>The command line of a silo of this world, in whichever process.</summary>
    public IEnumerable<string> SiloArguments =>
    [
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
        "--Logging:LogLevel:Default=None",
        .. Settings,
    ];

    /// <summary>The next thing the silo tells; null when its process has ended.</summary>
    public async Task<string?> Next(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Guard);
        if (!await _lines.Reader.WaitToReadAsync(patience.Token))
        {
            return null;
        }

        var line = await _lines.Reader.ReadAsync(patience.Token);
        _told.Add(line);
        IsRunning |= line == CrashingSilo.Running;
        Assert.False(line.StartsWith("different ", StringComparison.Ordinal), line);
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

    /// <summary>What the kernel says of the silo's memory: the most it ever held, and what it holds now.</summary>
    public string SiloMemory() => string.Join(", ", File.ReadLines($"/proc/{_silo!.Id}/status")
        .Where(line => line.StartsWith("VmHWM", StringComparison.Ordinal) || line.StartsWith("VmRSS", StringComparison.Ordinal))
        .Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));

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

    /// <summary>Creates whatever objects are in a YAML text.</summary>
    public void Seed(string yaml) => _api.Seed(yaml);

    public Task Edit(string name, string spec = """{"schedule":{"timeout":"7s"}}""", ResourceKind? kind = null) =>
        Patch(name, $$"""{"spec":{{spec}}}""", kind);

    public async Task Patch(string name, string body, ResourceKind? kind = null) =>
        (await _client.Patch(Path(name, kind), body)).Expect(HttpStatusCode.OK);

    public async Task Delete(string name, ResourceKind? kind = null) =>
        (await _client.Delete(Path(name, kind))).Expect(HttpStatusCode.OK);

    public Task<ApiAnswer> Get(string name, ResourceKind? kind = null) => _client.Get(Path(name, kind));

    /// <summary>One resource as it is, and every version of it from now on.</summary>
    public Task<ApiWatch> Watch(string name, ResourceKind? kind = null) =>
        _client.Watch($"{Path("", kind)[..^1]}?watch=true&fieldSelector=metadata.name={name}");

    /// <summary>The first status, from the one shown now, of which something holds.</summary>
    public async Task<JsonObject> Shown(string name, Func<JsonObject, bool> holds, ResourceKind? kind = null)
    {
        JsonObject? last = null;
        try
        {
            return await FirstShown(
                name,
                status => holds(last = status),
                kind).WaitAsync(Guard, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name} never showed it; its last status is {last?.ToJsonString()}");
        }
    }

    /// <summary>
    /// After the last silo was killed: everything that must be true at any moment is, and every check that was opened is recorded.
    /// What only silos bring about again is not asked for.
    /// </summary>
    public async Task AssertInvariants()
    {
        await using var verify = VerifyHost.Build([.. SiloArguments, "--Verify:Open=true", "--Verify:Looks=1"]);
        var report = await verify.Verifier.Look(Opened, TestContext.Current.CancellationToken);
        Assert.Empty(report.Unseen);
        Assert.Empty(report.Violations
            .Where(violation => !Invariants.Converging.Contains(violation.Invariant))
            .Select(violation => violation.ToString()));
    }

    /// <summary>All records that are in the history now.</summary>
    public IReadOnlyList<HistoryRecord> Records() =>
        [.. Objects().Where(S3Server.IsRecord).Select(file => HistoryObject.Open(File.ReadAllBytes(file)))];

    /// <summary>The files of all objects of one kind of record.</summary>
    public IReadOnlyList<string> Objects(RecordKind kind) =>
        [.. Objects().Where(file => CrashPoint.Putting(file) == CrashPoint.Putting(kind))];

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

    /// <summary>All it says is read as it comes: a silo whose listener does not listen would stop at a full pipe.</summary>
    private static async Task Listen(ChildProcess silo, ChannelWriter<string> lines)
    {
        try
        {
            while (await silo.ReadLine(CancellationToken.None) is { } line)
            {
                lines.TryWrite(line);
            }
        }
        finally
        {
            lines.Complete();
        }
    }

    private IEnumerable<string> Objects() => Directory.Exists(HistoryFolder)
        ? Directory.EnumerateFiles(HistoryFolder, "*.json.gz", SearchOption.AllDirectories)
        : [];

    private async Task<JsonObject> FirstShown(string name, Func<JsonObject, bool> holds, ResourceKind? kind)
    {
        using var watch = await Watch(name, kind);
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

    private string ArmedFile => System.IO.Path.Combine(_folder.Path, "armed");

    private static string Path(string name, ResourceKind? kind) =>
        $"/apis/clustergrains.io/v1alpha1/namespaces/default/{(kind ?? SearchClusters.Kind).Plural}/{name}";
}
