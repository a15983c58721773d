using ClusterGrains.Clusters;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>What leaves a silo for a collector.</summary>
public sealed class OtlpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_traces_and_logs_reach_a_collector_that_our_setting_or_the_standard_one_names(bool isOurs)
    {
        await using var collector = await OtlpReceiver.Start();
        using var folder = new SiloFolder();
        string[] ours = [$"--Telemetry:Otlp:Endpoint={collector.Endpoint}", "--Telemetry:Otlp:Protocol=HttpProtobuf"];
        await using var silo = SiloHost.Build([.. folder.Settings, .. isOurs ? ours : []], builder => Hasten(builder, isOurs ? null : collector.Endpoint));

        await SiloHost.Start(silo);
        var name = SpanLog.NewName();
        await Tick(silo, name);

        await collector.Await("traces", "tick", "clustergrains.name", name, "service.name", "clustergrains");
        await collector.Await("metrics", "clustergrains.watchdog.age", "ClusterGrains.Resources", "service.instance.id");
        await collector.Await("metrics", "dotnet.process.memory.working_set");
        await collector.Await("logs", "Running. Fleet API: {Api}api/v1; probes and metrics: {Management}readyz, metrics");
        await silo.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_traced()
    {
        using var folder = new SiloFolder();
        await using var silo = SiloHost.Build([.. folder.Settings]);

        Assert.Null(silo.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_collector_that_is_away_is_told_once_and_keeps_nobody_from_ending()
    {
        using var folder = new SiloFolder();
        var log = new LogLines();
        await using var silo = SiloHost.Build(
            [.. folder.Settings, "--Telemetry:Otlp:Endpoint=http://127.0.0.1:1"],
            builder =>
            {
                Hasten(builder, null);
                builder.Logging.ClearProviders().AddProvider(log);
            });
        await SiloHost.Start(silo);

        while (!log.Warnings.Any(IsTrouble))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await silo.StopAsync(TestContext.Current.CancellationToken);

        Assert.Single(log.Warnings, IsTrouble);

        static bool IsTrouble(string line) => line.StartsWith("The collector does not take", StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_address_of_a_collector_is_said_at_the_start()
    {
        using var folder = new SiloFolder();

        var failure = Assert.Throws<SettingsException>(() => SiloHost.Build(
            [.. folder.Settings, "--Telemetry:Otlp:Endpoint=collector:4317", "--Telemetry:SampleRatio=2", "--Telemetry:Logs=Xml"]));

        Assert.Equal(
            [
                "Telemetry:Logs is 'Xml', which is not one of Auto, Json, Text.",
                "Telemetry:Otlp:Endpoint is 'collector:4317', which is no address of a collector. Set it to "
                    + "http://host:4317 (gRPC) or http://host:4318 (HTTP), or leave it out.",
                "Telemetry:SampleRatio must be between 0 and 1; it is 2.",
            ],
            failure.Problems.Order(StringComparer.Ordinal));
    }

    private static void Hasten(WebApplicationBuilder builder, Uri? endpoint) => builder.Configuration.AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint?.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = endpoint is null ? null : "http/protobuf",
        });

    /// <summary>A tick of a resource that nobody knows; the API server that it asks is not there.</summary>
    private static async Task Tick(WebApplication silo, string name)
    {
        var grain = SearchClusters.Kind.Grain(silo.Services.GetRequiredService<IGrainFactory>(), new ResourceKey("prod", name));
        await Assert.ThrowsAsync<DependencyException>(() => grain.AsReference<IRemindable>().ReceiveReminder("run", default));
    }
}
