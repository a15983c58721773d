using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Tests.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
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
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.Services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(30));
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).ClearProviders());
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddSingleton<IResourceApi>(Api).AddSingleton<IStatusApi>(Api).AddSingleton<IEventRecorder>(Api);
            silo.Services.AddSingleton<ISecretStore>(Api).AddSingleton<IConfigMapStore>(Api);
            silo.Services.AddSingleton<IHistoryStore>(History);
            silo.Services.AddSingleton<RunUpdate>(Updates.Run);
            silo.Services.AddResources().AddSearchDatasets();
            silo.Services.AddSingleton<PretendStorage>();
            silo.Services.AddGrainStorage("Default", (services, _) => services.GetRequiredService<PretendStorage>());
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        Storage = _cluster.GetSiloServiceProvider().GetRequiredService<PretendStorage>();
    }

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
