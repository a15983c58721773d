using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClusterGrains.Telemetry;

/// <summary>Metrics, traces and logs on their way out of the process.</summary>
internal static class TelemetryParts
{
    /// <summary>More series of one instrument are counted together: a defect must not fill the memory of whoever collects them.</summary>
    public const int MaxSeries = 500;

    /// <summary>A collector that hangs holds up the end of the process for no longer, for each of the three.</summary>
    public const int TimeoutMilliseconds = 3_000;

    /// <summary>
    /// Of the one instrument that names resources: each that was ever named, with a verdict and a reason, keeps its place until
    /// the process ends. A megabyte or two.
    /// </summary>
    public const int MaxNamedSeries = 10_000;

    public const string NamesResources = "clustergrains.resource.trouble";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Timeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<TelemetryOptions, TelemetryOptionsValidator>().BindConfiguration(TelemetryOptions.Section);
        var options = builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        services.AddLines(options.Logs);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddSilo(builder.Configuration))
            .WithMetrics(metrics => metrics.AddSilo().AddPrometheusExporter());
        if (builder.Configuration.TellOtlp(options.Otlp))
        {
            telemetry.WithTracing(traces => traces.AddSilo(options.SampleRatio))
                .WithLogging(_ => { }, logs => logs.IncludeFormattedMessage = true)
                .UseOtlpExporter();
            services.AddHostedService<CollectorTrouble>();
        }
    }

    /// <summary>Every source that the silo tells of. What belongs to no event is not traced.</summary>
    public static TracerProviderBuilder AddSilo(this TracerProviderBuilder traces, double ratio) => traces
        .SetSampler(_ => new EventSampler(ratio))
        .AddSource(
            "ClusterGrains.*",
            "Microsoft.Orleans.Application",
            "Microsoft.Orleans.Lifecycle",
            "Microsoft.Orleans.Storage",
            "MongoDB.Driver");

    private static MeterProviderBuilder AddSilo(this MeterProviderBuilder metrics) => metrics
        .AddMeter(
            "ClusterGrains.*",
            "Microsoft.AspNetCore.Hosting",
            "Microsoft.AspNetCore.Server.Kestrel",
            "Microsoft.Orleans",
            "System.Runtime")
        .AddView(instrument => new MetricStreamConfiguration
        {
            CardinalityLimit = instrument.Name == NamesResources ? MaxNamedSeries : MaxSeries,
        });

    private static void AddSilo(this ResourceBuilder resource, ConfigurationManager configuration)
    {
        var pod = configuration["POD_NAME"];
        resource.AddService(
            "clustergrains",
            serviceVersion: typeof(TelemetryParts).Assembly.GetName().Version?.ToString(3),
            autoGenerateServiceInstanceId: string.IsNullOrEmpty(pod),
            serviceInstanceId: string.IsNullOrEmpty(pod) ? null : pod);

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
        resource.AddEnvironmentVariableDetector();
    }

    /// <summary>Says our settings in the words of the standard, which its library reads.</summary>
    /// <returns>Whether anything is sent at all.</returns>
    private static bool TellOtlp(this ConfigurationManager configuration, OtlpOptions otlp)
    {
        var words = new Dictionary<string, string?>();
        if (otlp.Endpoint is { } endpoint)
        {
            words[Endpoint] = endpoint.OriginalString;
        }

        if (otlp.Protocol is { } protocol)
        {
            words[Protocol] = protocol is OtlpExportProtocol.Grpc ? "grpc" : "http/protobuf";
        }

        if (string.IsNullOrEmpty(configuration[Timeout]))
        {
            words[Timeout] = TimeoutMilliseconds.ToString(CultureInfo.InvariantCulture);
        }

        configuration.AddInMemoryCollection(words);
        return !string.IsNullOrEmpty(configuration[Endpoint]);
    }

    /// <summary>Only says how the console writes: whether there is one is not decided here.</summary>
    private static void AddLines(this IServiceCollection services, LogForm form)
    {
        var isJson = form is LogForm.Json || (form is LogForm.Auto && Console.IsOutputRedirected);
        services.Configure<ConsoleLoggerOptions>(console =>
            console.FormatterName = isJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.IncludeScopes = true;
            json.TimestampFormat = "O";
            json.UseUtcTimestamp = true;
            json.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }
}
