using ClusterGrains.Clusters;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Hosting;

/// <summary>A whole silo in this process, on free ports and in a folder of its own. Its API server refuses connections.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly SiloFolder _folder = new();
    private readonly WebApplication _app;

    public RunningSilo() => _app = SiloHost.Build([.. _folder.Settings]);

    public HttpClient Api { get; private set; } = null!;

    public HttpClient Management { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>The grain of a SearchCluster.</summary>
    public IResourceGrain Resource(ResourceKey key) =>
        SearchClusters.Kind.Grain(_app.Services.GetRequiredService<IGrainFactory>(), key);

    public async ValueTask InitializeAsync()
    {
        await SiloHost.Start(_app);
        Api = new HttpClient { BaseAddress = SiloHost.HttpAddress(_app) };
        Management = new HttpClient { BaseAddress = SiloHost.ManagementAddress(_app) };
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Management.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
