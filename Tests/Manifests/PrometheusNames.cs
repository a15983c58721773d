using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Tidy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace ClusterGrains.Tests.Manifests;

/// <summary>The series that Prometheus sees of our instruments, with their labels: asked of the exporter itself.</summary>
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
        Read(await client.GetStringAsync(new Uri(SiloHost.HttpAddress(app), "metrics"), cancellation));
        await app.StopAsync(cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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

    private void Read(string exposition)
    {
        foreach (Match sample in Sample().Matches(exposition))
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
