using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Datasets;

/// <summary>One silo with the real grain of datasets, whose runs are the test's, and a clock that stands until a test moves it.</summary>
public sealed class DatasetWorld : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;
    private int _names;

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero));

    internal PretendApi Api { get; } = new();

    internal PretendHistory History { get; } = new();

    internal ScriptedUpdates Updates { get; } = new();

    internal PretendStorage Storage { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestSilo.Start(
            Clock,
            Api,
            History,
            services => services.AddSearchDatasets().AddSingleton<IConfigMapStore>(Api).AddSingleton<RunUpdate>(Updates.Run));
        Storage = _cluster.GetSiloServiceProvider().GetRequiredService<PretendStorage>();
    }

    /// <summary>A part of the silo.</summary>
    internal T Part<T>()
        where T : notnull => _cluster.GetSiloServiceProvider().GetRequiredService<T>();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    /// <summary>A name no other test uses.</summary>
    internal ResourceKey NewKey() => new("prod", $"products-{Interlocked.Increment(ref _names)}");

    internal ISearchDatasetGrain Grain(ResourceKey key) => _cluster.Client.GetGrain<ISearchDatasetGrain>(key.ToString());

    /// <summary>Ends the activation as idling or a crash would: memory and the run are gone, the row stays.</summary>
    internal Task Forget(ResourceKey key) => _cluster.DeactivateAsync((Orleans.Runtime.IAddressable)Grain(key));

    internal Task<JsonObject> Shows(ResourceKey key, string phase) =>
        Api.Status(key, status => (string?)status["phase"] == phase, $"phase {phase}");

    internal static string Spec(string more = "") =>
        $$"""{"clusterRef":{"name":"search"},"alias":"products","source":{"uri":"file:///data/products"},"schedule":{"interval":"1m"}{{more}}}""";
}
