using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Tidy;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace ClusterGrains.Tests.Manifests;

/// <summary>
/// The series that Prometheus sees, with their labels. Of our instruments: asked of the exporter itself, with the tags that the code
/// can give them. Of everybody else's: what a silo shows that has worked a little.
/// </summary>
public sealed partial class PrometheusNames : IAsyncLifetime
{
    private const string MeterName = "Names";

    /// <summary>What Prometheus adds to every series by where it found it.</summary>
    public static readonly string[] TargetLabels = ["job", "namespace", "pod", "service", "instance", "endpoint", "container"];

    /// <summary>By the name of the series.</summary>
    public Dictionary<string, HashSet<string>> Labels { get; } = new() { ["up"] = [] };

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(MeterName).AddPrometheusExporter());
        await using var app = builder.Build();
        app.MapPrometheusScrapingEndpoint("/metrics");
        await app.StartAsync(cancellation);
        var meter = app.Services.GetRequiredService<IMeterFactory>().Create(MeterName);
        foreach (var instrument in Tidy.Instrument.All)
        {
            Measure(meter, instrument);
        }

        using var client = new HttpClient();
        Read(await client.GetStringAsync(new Uri(SiloHost.HttpAddress(app), "metrics"), cancellation), IsOurs);
        await app.StopAsync(cancellation);
        await ReadSilo(client, cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static bool IsOurs(string series) => series.StartsWith("clustergrains_", StringComparison.Ordinal);

    private async Task ReadSilo(HttpClient client, CancellationToken cancellation)
    {
        await using var world = await SiloWorld.Create();
        await world.Start();
        world.Create("one");
        await world.Converged();
        var addresses = world.Silo.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        await client.GetStringAsync(new Uri(new Uri(addresses[0]), "api/v1/summary"), cancellation);
        GC.Collect();

        // The request before is counted when its connection knows that it has ended.
        await world.Until(async () =>
        {
            Read(await client.GetStringAsync(new Uri(new Uri(addresses[1]), "metrics"), cancellation), series => !IsOurs(series));
            return Labels.TryGetValue("http_server_request_duration_seconds_bucket", out var labels) && labels.Contains("http_route");
        });
    }

    private static void Measure(Meter meter, Tidy.Instrument instrument)
    {
        var (name, unit) = (instrument.Name, instrument.Unit);
        var tags = InstrumentTags.All[name].Select(key => KeyValuePair.Create(key, (object?)"x")).ToArray();
        switch (instrument.Type)
        {
            case "Counter":
                meter.CreateCounter<long>(name, unit).Add(1, tags);
                break;
            case "UpDownCounter":
                meter.CreateUpDownCounter<long>(name, unit).Add(1, tags);
                break;
            case "Histogram":
                meter.CreateHistogram<double>(name, unit).Record(1, tags);
                break;
            case "ObservableGauge":
                meter.CreateObservableGauge(name, () => new Measurement<double>(1, tags), unit);
                break;
            default:
                throw new NotSupportedException($"{instrument.Type} is not known here.");
        }
    }

    private void Read(string exposition, Func<string, bool> isWanted)
    {
        foreach (Match sample in Sample().Matches(exposition).Where(sample => isWanted(sample.Groups["name"].Value)))
        {
            Labels.TryAdd(sample.Groups["name"].Value, []);
            Labels[sample.Groups["name"].Value].UnionWith(Label().Matches(sample.Groups["labels"].Value).Select(label => label.Groups[1].Value));
        }
    }

    [GeneratedRegex("""^(?<name>[a-z_:]+)(\{(?<labels>[^}]*)\})? """, RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("""(\w+)=""")]
    private static partial Regex Label();
}
