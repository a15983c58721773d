using System.Net;

namespace ClusterGrains.Tests.Sandbox;

/// <summary>The Orleans dashboard shows; it never calls grains and never streams the log.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sandbox-");
    private readonly HttpClient _http = new();
    private SandboxProcess _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = SandboxProcess.Start(_data.FullName, "--clusters", "1");
        _http.BaseAddress = new Uri(await _sandbox.Intro("dashboard", Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task What_shows_is_open_and_what_calls_grains_or_streams_the_log_is_closed()
    {
        string[] open = ["", "version", "ClusterStats", "DashboardCounters", "Reminders/1", "GrainTypes", "index.min.js"];
        string[] closed =
        [
            "GrainState", "grainstate", "GRAINSTATE/", "%47rainState", "%2547rainState", "./GrainState",
            "GrainState?grainId=searchcluster/default/orders&grainType=ClusterGrains.Clusters.SearchClusterGrain",
            "Trace", "trace", "TRACE/", "%54race",
        ];

        foreach (var path in open)
        {
            Assert.Equal((path, HttpStatusCode.OK), (path, await Status(path)));
        }

        foreach (var path in closed)
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await Status(path)));
        }
    }

    private async Task<HttpStatusCode> Status(string path)
    {
        using var answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return answer.StatusCode;
    }
}
