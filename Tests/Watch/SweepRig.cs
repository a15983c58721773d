using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Resources;
using ClusterGrains.Watch;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Watch;

/// <summary>Sweeps between an API server and pretend grains, under a clock that stands still.</summary>
internal sealed class SweepRig : IAsyncDisposable
{
    // Unlike any timeout of a request, so that the wait is recognised.
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(11);

    private readonly ServiceProvider _services;
    private readonly MeterListener _meters;
    private readonly ConcurrentQueue<string> _drift = new();
    private readonly ConcurrentQueue<string> _sweeps = new();
    private readonly ScriptedApi? _api;
    private Task<TimeSpan>? _armed;

    private SweepRig(ScriptedApi? api, KubernetesOptions kubernetes, WatchOptions options)
    {
        _api = api;
        var self = PretendSilos.Address(1);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(Log))
            .AddMetrics()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(options with { SweepRecheck = Recheck })
            .AddSingleton(Options.Create(new SweepOptions()))
            .AddSingleton(RelayRig.Kind)
            .AddSingleton(Options.Create(kubernetes))
            .AddSingleton<IResourceIndex>(Index)
            .AddSingleton<Deliver>(Told.Deliver)
            .AddSingleton<KubernetesMetrics>()
            .AddSingleton<KubernetesConnection>()
            .AddSingleton<IResourceApi, KubernetesResourceApi>()
            .AddSingleton<ISiloStatusOracle>(new PretendSilos(self, [self]))
            .AddSingleton<Rota>()
            .AddSingleton<WatchTargets>()
            .AddSingleton<ListPages>()
            .AddSingleton<WatchHealth>()
            .AddSingleton<WatchMetrics>()
            .AddSingleton<SweepHealth>()
            .AddSingleton<SweepMetrics>()
            .AddSingleton<SweepJournal>()
            .AddSingleton<SweepPass>()
            .AddSingleton<Sweep>()
            .AddSingleton<Sweeper>()
            .BuildServiceProvider();
        _meters = Listen();
    }

    public ArmedTime Time { get; } = new();

    public LogLines Log { get; } = new();

    public Told Told { get; } = new();

    public FixedIndex Index { get; } = new();

    public ScriptedApi Api => _api ?? throw new InvalidOperationException("This rig has another API server.");

    public SweepHealth Health => _services.GetRequiredService<SweepHealth>();

    /// <summary>Drift counted so far, sorted, for example <c>changed repaired</c>.</summary>
    public IEnumerable<string> Drift => _drift.Order(StringComparer.Ordinal);

    /// <summary>The outcome of every sweep of a target so far.</summary>
    public IEnumerable<string> Sweeps => _sweeps;

    public static async Task<SweepRig> Create(WatchOptions? options = null)
    {
        var api = await ScriptedApi.Start(TestContext.Current.CancellationToken);
        api.Otherwise = context => Get(api, context);
        return new SweepRig(api, api.Options, options ?? new WatchOptions());
    }

    public static SweepRig Against(KubernetesOptions kubernetes) => new(null, kubernetes, new WatchOptions { PageSize = 2 });

    /// <summary>One object in the API server and the same in the index.</summary>
    public void Settle(string name, long generation = 1)
    {
        Api.Objects[name] = Json.Object(name, generation);
        Index.Put(name, generation);
    }

    /// <summary>Starts the silo's loop; disposing ends it.</summary>
    public IDisposable Start() => PretendLifecycle.Start(_services.GetRequiredService<Sweeper>());

    /// <param name="between">Happens after a first look that has found something, before the second.</param>
    /// <returns>Whether the sweep was complete.</returns>
    public async Task<bool> Sweep(Action? between = null)
    {
        var sweep = Task.Run(() => _services.GetRequiredService<Sweeper>().SweepAll(TestContext.Current.CancellationToken));
        while (true)
        {
            _armed ??= Time.Armed(Recheck, Recheck);
            if (await Task.WhenAny(sweep, _armed) == sweep)
            {
                return await sweep;
            }

            _armed = null;
            between?.Invoke();
            between = null;
            Time.Advance(Recheck);
        }
    }

    /// <summary>The age of the last complete sweep as it would be exported now.</summary>
    public TimeSpan Age() => Assert.Single(Health.Ages()).Age;

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _services.DisposeAsync();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    private static Task Get(ScriptedApi api, HttpContext context)
    {
        var name = context.Request.Path.Value!.Split('/')[^1];
        return api.Objects.TryGetValue(name, out var item)
            ? ScriptedApi.Json(context, item)
            : ScriptedApi.Fail(context, 404, "NotFound", details: $$"""{"name":"{{name}}","kind":"searchclusters"}""");
    }

    private MeterListener Listen()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == factory && instrument.Name.StartsWith("clustergrains.sweep.", StringComparison.Ordinal))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _drift.Enqueue($"{Tag(tags, "drift")} {Tag(tags, "outcome")}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            if (instrument.Name == "clustergrains.sweep.duration")
            {
                _sweeps.Enqueue(Tag(tags, "outcome"));
            }
        });
        listener.Start();
        return listener;
    }

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
            {
                return (string)tag.Value!;
            }
        }

        return "";
    }
}
