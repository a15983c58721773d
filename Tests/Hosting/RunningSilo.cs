using ClusterGrains.Hosting;
using ClusterGrains.Tests.History;
using Microsoft.AspNetCore.Builder;

namespace ClusterGrains.Tests.Hosting;

/// <summary>A whole silo in this process, on free ports.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly TestFolder _data = new();
    private readonly WebApplication _app;

    public RunningSilo() => _app = SiloHost.Build(
        ["--Http:Port=0", "--Management:Port=0", "--Orleans:SiloPort=0", $"--History:Uri=file://{_data.Path}/history"]);

    public HttpClient Api { get; private set; } = null!;

    public HttpClient Management { get; private set; } = null!;

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
        _data.Dispose();
    }
}
