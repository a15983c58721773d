using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Storage;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Resources;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ApiAnswer = ClusterGrains.Tests.Sandbox.Kubernetes.ApiAnswer;

namespace ClusterGrains.Tests.Watch;

/// <summary>Whole silos in this process, one after the other on the same data, against the sandbox's API server.</summary>
internal sealed class SiloWorld : IAsyncDisposable
{
    private const string Collection = "/apis/clustergrains.io/v1alpha1/namespaces/default/searchclusters";

    private readonly TestFolder _apiFolder = new();
    private readonly TestFolder _history = new();
    private readonly SiloFolder _folder = new();
    private readonly ConcurrentQueue<string> _drift = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly bool _suspended;
    private ApiClient _client = null!;
    private WebApplication? _silo;
    private MeterListener? _meters;

    private SiloWorld(bool suspended) => _suspended = suspended;

    public KubernetesApi Api { get; private set; } = null!;

    public IServiceProvider Silo => _silo!.Services;

    /// <summary>How many resources were found out of touch since the silo started, for example <c>3 changed repaired</c>.</summary>
    public IEnumerable<string> Drift => _drift.GroupBy(one => one, (one, same) => $"{same.Count()} {one}").Order(StringComparer.Ordinal);

    /// <param name="suspended">
    /// Whether nothing runs: the status of what a run finds, written to an object that is gone, would tell the grain so.
    /// </param>
    public static async Task<SiloWorld> Create(bool suspended = false)
    {
        var world = new SiloWorld(suspended);
        world.Api = await KubernetesApi.Start(
            new KubernetesApiOptions { DataFolder = world._apiFolder.Path }, TestContext.Current.CancellationToken);
        world._client = new ApiClient(world.Api.Kubeconfig);
        return world;
    }

    /// <param name="later">How much later than now the silo believes it is.</param>
    public async Task Start(bool relay = true, WatchOptions? options = null, TimeSpan later = default)
    {
        _drift.Clear();
        string[] settings =
        [
            .. _folder.Settings,
            $"--Kubernetes:Kubeconfig={Api.KubeconfigPath}",
            $"--History:Uri=file://{_history.Path}",
            $"--Watch:Relay={relay}",

            // Sweeps come when a test asks for them.
            "--Watch:SweepInterval=24h",
        ];
        _silo = SiloHost.Build(settings, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TimeProvider>(new ShiftedTime(later));
            builder.Services.AddSingleton<IClusterProbe>(new PretendProbe { Facts = Facts.Green() });
            builder.Services.AddSingleton((options ?? new WatchOptions()) with { SweepRecheck = TimeSpan.FromSeconds(0.1) });
        });
        _meters = Listen();
        await SiloHost.Start(_silo);
    }

    public async Task Stop()
    {
        await _silo!.StopAsync(_limit.Token);
        _meters!.Dispose();
        await _silo.DisposeAsync();
        _silo = null;
    }

    /// <summary>One sweep of everything, as in this silo's turn.</summary>
    public Task<bool> Sweep() => Silo.GetServices<ILifecycleParticipant<ISiloLifecycle>>().OfType<Sweeper>().Single()
        .SweepAll(_limit.Token);

    public void Create(params IEnumerable<string> names) => Api.Seed(string.Join("\n---\n", names.Select(name => $$$"""
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: {{{name}}}, namespace: default}
        spec: {endpoints: ["http://127.0.0.1:1"], schedule: {interval: 1h}, suspend: {{{(_suspended ? "true" : "false")}}}}
        """)));

    public async Task Edit(string name, string timeout = "7s") =>
        (await _client.Patch($"{Collection}/{name}", $$$$"""{"spec":{"schedule":{"timeout":"{{{{timeout}}}}"}}}""")).Expect(HttpStatusCode.OK);

    public async Task Delete(string name) => (await _client.Delete($"{Collection}/{name}")).Expect(HttpStatusCode.OK);

    public async Task Recreate(string name)
    {
        await Delete(name);
        Create(name);
    }

    /// <summary>What lives in the API server, by name.</summary>
    public async Task<IReadOnlyDictionary<string, ResourceFacts>> Live()
    {
        var list = (await _client.Get(Collection)).Expect(HttpStatusCode.OK).Json;
        return list["items"]!.AsArray().Select(item => ResourceFacts.Of(item!)).ToDictionary(facts => facts.Name);
    }

    public async Task<IReadOnlyList<IndexRow>> Rows() =>
        await Silo.GetRequiredService<IResourceIndex>().List("SearchCluster", _limit.Token);

    public async Task<int> Reminders() =>
        (await Silo.GetRequiredService<IReminderTable>().ReadRows(0, 0)).Reminders.Count;

    /// <summary>How many records of a kind are in the history.</summary>
    public int Count(RecordKind kind) => Files($"record={kind.ToString().ToLowerInvariant()}").Count();

    public IReadOnlyList<HistoryRecord> Records() =>
        [.. Files("record=*").Select(file => HistoryObject.Open(File.ReadAllBytes(file)))];

    /// <summary>
    /// Returns when every live object is shown by its grain under its newest generation, and no grain lives for anything else.
    /// </summary>
    public Task Converged() => Until(async () =>
    {
        var live = await Live();
        var active = (await Rows()).Where(row => row.Phase != "Retired").ToList();
        return active.Count == live.Count && active.All(row =>
            row.Phase == "Active" && live.TryGetValue(row.Name, out var facts)
            && (row.Uid, row.Generation) == (facts.Uid, facts.Generation) && facts.Observed == facts.Generation);
    });

    public Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    public async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, _limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await Stop();
        }

        _client.Dispose();
        await Api.DisposeAsync();
        _folder.Dispose();
        _history.Dispose();
        _apiFolder.Dispose();
        _limit.Dispose();
    }

    private IEnumerable<string> Files(string records)
    {
        var root = Path.Combine(_history.Path, "v1", "history");
        return Directory.Exists(root)
            ? Directory.EnumerateDirectories(root, records)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json.gz", SearchOption.AllDirectories))
            : [];
    }

    private MeterListener Listen()
    {
        var factory = Silo.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == factory && instrument.Name == "clustergrains.sweep.drift")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
            _drift.Enqueue($"{all["drift"]} {all["outcome"]}");
        });
        listener.Start();
        return listener;
    }
}

/// <summary>What a test wants to know of an object in the API server.</summary>
/// <param name="Observed">The generation its status answers; 0 for none.</param>
internal sealed record ResourceFacts(string Name, string Uid, long Generation, long Observed)
{
    public static ResourceFacts Of(JsonNode item) => new(
        (string)item["metadata"]!["name"]!,
        (string)item["metadata"]!["uid"]!,
        (long)item["metadata"]!["generation"]!,
        (long?)item["status"]?["observedGeneration"] ?? 0);
}
