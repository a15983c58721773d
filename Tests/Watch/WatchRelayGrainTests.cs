using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Watch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Watch;

/// <summary>The right to watch, in a cluster of two silos.</summary>
public sealed class WatchRelayGrainTests : IAsyncLifetime
{
    private readonly Told _told = new();
    private ScriptedApi _api = null!;
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ScriptedApi.Start(TestContext.Current.CancellationToken);
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(new WatchOptions { NudgePeriod = TimeSpan.FromSeconds(0.1) });
            silo.Services.AddSingleton<Deliver>(_told.Deliver);
            silo.Services.AddSingleton(RelayRig.Kind);
            silo.Services.AddSingleton(Options.Create(_api.Options));
            silo.Services.AddSingleton<IResourceIndex>(new FixedIndex());
            silo.Services.AddSingleton<KubernetesMetrics>();
            silo.Services.AddSingleton<KubernetesConnection>();
            silo.Services.AddSingleton<IResourceApi, KubernetesResourceApi>();
            silo.AddWatch();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task One_silo_watches_and_another_takes_over_when_it_dies()
    {
        await _api.Watch();
        var home = Assert.Single(_cluster.Silos, silo => Health(silo).Here.Length > 0);
        Assert.All(_cluster.Silos, silo => Assert.NotNull(Health(silo).RelayAnswered));

        await _cluster.KillSiloAsync(home, TestContext.Current.CancellationToken);

        var watch = await _api.Watch();
        await watch.Send(Json.Added(Json.Object("a")));
        Assert.Equal("a@1", await _told.Next());
        Assert.NotEmpty(Health(Assert.Single(_cluster.Silos, silo => silo != home)).Here);
    }

    [Fact]
    public async Task Every_silo_knows_how_the_relay_does_wherever_it_lives()
    {
        var watch = await _api.Watch();
        foreach (var silo in _cluster.Silos)
        {
            await Known(silo, state => state.LastList is not null);
        }

        var listed = _cluster.Silos.Max(silo => Assert.Single(Health(silo).Watches).LastLine!.Value);
        await watch.Send(Json.Bookmark(200));

        foreach (var silo in _cluster.Silos)
        {
            await Known(silo, state => state.LastLine > listed);
        }

        Assert.Single(_cluster.Silos, silo => Health(silo).Here.IsEmpty);
    }

    [Fact]
    public async Task A_relay_that_was_deactivated_lets_go_of_its_watch_and_comes_back()
    {
        var first = await _api.Watch();

        await _cluster.DeactivateAsync(_cluster.Client.GetGrain<IWatchRelayGrain>(0));

        await Await.Soon(first.Abandoned);
        var second = await _api.Watch();
        await second.Send(Json.Added(Json.Object("a")));
        Assert.Equal("a@1", await _told.Next());
    }

    private async Task Known(InProcessSiloHandle silo, Func<WatchState, bool> holds)
    {
        while (Health(silo).Watches is not [var state] || !holds(state))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private WatchHealth Health(InProcessSiloHandle silo) =>
        _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<WatchHealth>();
}
