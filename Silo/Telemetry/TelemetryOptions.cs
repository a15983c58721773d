using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace ClusterGrains.Telemetry;

/// <summary>Metrics, traces and logs of this process. Bound from <c>Telemetry</c>; docs/telemetry.md.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>How log lines look on standard output.</summary>
    public LogForm Logs { get; set; }

    /// <summary>Which part of the traces is kept, decided where each begins: 0 for none, 1 for all.</summary>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 1;

    /// <summary>
    /// How many resources that need somebody the metrics name, the most urgent ones; 0 for none, at most 500. Whoever reads
    /// metrics reads these names, verdicts and reasons.
    /// </summary>
    [Range(0, 500)]
    public int NamedResources { get; set; } = 50;

    /// <summary>Where metrics, traces and logs are sent besides.</summary>
    [ValidateObjectMembers]
    public OtlpOptions Otlp { get; set; } = new();
}

/// <summary>A collector that takes OTLP.</summary>
public sealed class OtlpOptions : IValidatableObject
{
    /// <summary>
    /// For example <c>http://collector:4317</c>. Null: the environment's <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without that one
    /// nothing is sent, and nothing is traced.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Null: the environment's <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, else gRPC.</summary>
    public OtlpExportProtocol? Protocol { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https")))
        {
            yield return new ValidationResult(
                $"{TelemetryOptions.Section}:Otlp:{nameof(Endpoint)} is '{endpoint}', which is no address of a collector. Set it to "
                + "http://host:4317 (gRPC) or http://host:4318 (HTTP), or leave it out.");
        }
    }
}

/// <summary>How log lines look.</summary>
public enum LogForm
{
    /// <summary>JSON, but text on a terminal.</summary>
    Auto,

    /// <summary>One JSON object a line, with the ids of trace and span.</summary>
    Json,

    /// <summary>One line to be read.</summary>
    Text,
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
