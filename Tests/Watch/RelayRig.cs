using System.Collections.Concurrent;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Watch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Watch;

/// <summary>A relay between a scripted API server and pretend grains.</summary>
internal sealed class RelayRig : IAsyncDisposable
{
    public static readonly ResourceKind Kind = new("SearchCluster", "searchclusters", "searchcluster");

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly ServiceProvider _services;

    private readonly ScriptedApi? _api;

    private RelayRig(ScriptedApi? api, KubernetesOptions kubernetes, TimeProvider time, WatchOptions options)
    {
        _api = api;
        _services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(time)
            .AddSingleton(options)
            .AddSingleton(Kind)
            .AddSingleton(Options.Create(kubernetes))
            .AddSingleton<IResourceIndex>(Index)
            .AddSingleton<Deliver>(Told.Deliver)
            .AddSingleton<KubernetesMetrics>()
            .AddSingleton<KubernetesConnection>()
            .AddSingleton<WatchTargets>()
            .AddSingleton<ListPages>()
            .AddSingleton<WatchHealth>()
            .AddSingleton<WatchMetrics>()
            .AddTransient<WatchRelay>()
            .BuildServiceProvider();
    }

    public ScriptedApi Api => _api ?? throw new InvalidOperationException("This rig has another API server.");

    public KubernetesConnection Connection => _services.GetRequiredService<KubernetesConnection>();

    public Told Told { get; } = new();

    public FixedIndex Index { get; } = new();

    public WatchHealth Health => _services.GetRequiredService<WatchHealth>();

    /// <summary>The relay started last.</summary>
    public WatchRelay? Relay { get; private set; }

    public static async Task<RelayRig> Create(
        TimeProvider? time = null, WatchOptions? options = null, params string[] namespaces)
    {
        var api = await ScriptedApi.Start(TestContext.Current.CancellationToken);
        var kubernetes = api.Options;
        kubernetes.Namespaces = namespaces;
        return new RelayRig(api, kubernetes, time ?? TimeProvider.System, options ?? new WatchOptions());
    }

    public static RelayRig Against(KubernetesOptions kubernetes, WatchOptions options) =>
        new(null, kubernetes, TimeProvider.System, options);

    /// <summary>One object in the API server and the same in the index.</summary>
    public void Settle(string name, long generation = 1)
    {
        Api.Objects[name] = Json.Object(name, generation);
        Index.Put(name, generation);
    }

    public void Start()
    {
        var relay = Relay = _services.GetRequiredService<WatchRelay>();
        _running.Add(Task.Run(() => relay.Run(_stop.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Await.Soon(Task.WhenAll(_running));
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        await _services.DisposeAsync();
        _stop.Dispose();
    }
}
