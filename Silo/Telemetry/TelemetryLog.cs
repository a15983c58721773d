namespace ClusterGrains.Telemetry;

/// <summary>What is said of telemetry that does not arrive. Ids 2400-2499.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(2400, LogLevel.Warning, "The collector does not take metrics, traces or logs, which are lost meanwhile; see Telemetry:Otlp:Endpoint: {Problem}")]
    public static partial void NotTaken(this ILogger logger, string problem);
}
