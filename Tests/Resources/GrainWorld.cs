using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Resources;

/// <summary>One silo with the real grains on pretend ports and a clock that stands until a test moves it.</summary>
public sealed class GrainWorld : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;
    private readonly Activations _activations = new();
    private int _names;

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero));

    internal PretendApi Api { get; } = new();

    internal PretendHistory History { get; } = new();

    internal PretendProbe Probe { get; } = new();

    internal PretendStorage Storage { get; private set; } = null!;

    /// <summary>Checks at the same time.</summary>
    internal int MaxChecks { get; init; } = 500;

    internal WatchdogOptions WatchdogOptions { get; init; } = new();

    internal IReminderTable Reminders => Part<IReminderTable>();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestSilo.Start(
            Clock,
            Api,
            History,
            services => services.AddSearchClusters().AddSingleton<IClusterProbe>(Probe).AddSingleton(WatchdogOptions)
                .AddSingleton<IIncomingGrainCallFilter>(_activations)
                .Configure<CheckOptions>(checks => checks.MaxConcurrent = MaxChecks));
        Storage = _cluster.GetSiloServiceProvider().GetRequiredService<PretendStorage>();
        Probe.Facts = Facts.Green();
    }

    /// <summary>A part of the silo.</summary>
    internal T Part<T>()
        where T : notnull => _cluster.GetSiloServiceProvider().GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Probe.Release();
        await _cluster.DisposeAsync();
    }

    /// <summary>A name no other test uses, and everything as it is in good times.</summary>
    internal ResourceKey NewKey()
    {
        (Api.Down, History.Down, Storage.Down, Storage.Around, Probe.Facts) = (false, false, false, null, Facts.Green());
        Probe.Release();
        Probe.Deaf = false;
        return new ResourceKey("prod", $"logs-{Interlocked.Increment(ref _names)}");
    }

    internal ISearchClusterGrain Grain(ResourceKey key) => _cluster.Client.GetGrain<ISearchClusterGrain>(key.ToString());

    /// <summary>Ends the activation as idling or a crash would: memory is gone, the row stays.</summary>
    internal async Task Forget(ResourceKey key)
    {
        var grain = (IAddressable)Grain(key);
        await _cluster.DeactivateAsync(grain);
    }

    /// <summary>Ends the activation as the death of the silo does that knew where it is.</summary>
    internal Task LoseTrack(ResourceKey key) => _activations.End(Grain(key).GetGrainId(), DeactivationReasonCode.DirectoryFailure);

    /// <summary>Waits until nothing is left to do: a first check has ended and its status is shown.</summary>
    internal Task<JsonObject> Checked(ResourceKey key, long generation = 1) => Api.Status(
        key,
        status => status["lastRun"] is not null && (long)status["observedGeneration"]! >= generation,
        $"a status with a check of generation {generation}");

    internal static string Spec(string interval = "5m", string more = "") =>
        $$"""{"engine":"Auto","endpoints":["http://search.test:9200"],"schedule":{"interval":"{{interval}}","timeout":"60s","requestTimeout":"10s"}{{more}}}""";
}
