using ClusterGrains.History;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.History;

public sealed class HistoryProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_with_a_folder_says_its_layout_and_is_healthy_at_every_start()
    {
        using var folder = new TestFolder();
        for (var start = 0; start < 2; start++)
        {
            using var host = Host($"file://{folder.Path}/history");
            await host.StartAsync(Cancellation);
            await Probe(host).ExecuteTask!.WaitAsync(Cancellation);

            Assert.Equal(HealthStatus.Healthy, (await Health(host)).Status);
            Assert.Equal(PutOutcome.Created, await host.Services.GetRequiredService<IHistoryStore>()
                .Put($"v1/history/{start}", "x"u8.ToArray(), Cancellation));
            await host.StopAsync(Cancellation);
        }

        Assert.Equal(
            "{\"layout\":1,\"createdBy\":\"clustergrains\"}\n",
            await File.ReadAllTextAsync(Path.Combine(folder.Path, "history", HistoryProbe.FormatKey), Cancellation));
    }

    [Fact]
    public async Task A_store_that_ignores_the_condition_is_reported()
    {
        await using var stub = await StubS3.Start(StubS3.Status(200));
        var health = new HistoryHealth(Options.Create(stub.Options));

        await Probe(HistoryParts.Backend(stub.Options, TimeProvider.System), health, TimeProvider.System);

        var result = await health.CheckHealthAsync(new(), Cancellation);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.StartsWith("s3://history/prefix: ignores If-None-Match", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_at_the_start_is_asked_until_it_answers()
    {
        var time = new FakeTimeProvider();
        var health = new HistoryHealth(Options.Create(new HistoryOptions()));
        var store = new ScriptedStore(ScriptedStore.Fails);

        var probing = Probe(store, health, time);
        while (store.Puts < 5)
        {
            Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync(new(), Cancellation)).Status);
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        store.Script = (_, _) => Task.FromResult(PutOutcome.AlreadyThere);
        while (!probing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await probing;
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new(), Cancellation)).Status);
    }

    private static async Task Probe(IHistoryStore store, HistoryHealth health, TimeProvider time)
    {
        using var probe = new HistoryProbe(store, health, time, NullLogger<HistoryProbe>.Instance);
        await probe.StartAsync(Cancellation);
        await probe.ExecuteTask!.WaitAsync(Cancellation);
    }

    private static IHost Host(string uri)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("History:Uri", uri)]);
        builder.Services.AddHistory();
        return builder.Build();
    }

    private static HistoryProbe Probe(IHost host) => host.Services.GetServices<IHostedService>().OfType<HistoryProbe>().Single();

    private static Task<HealthReport> Health(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
}
