namespace ClusterGrains.Hosting;

/// <summary>What the process says of itself. Ids 1700-1799.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1700, LogLevel.Information, "Running. Fleet API: {Api}api/v1; probes and metrics: {Management}readyz, metrics")]
    public static partial void Running(this ILogger logger, Uri api, Uri management);

    [LoggerMessage(1701, LogLevel.Information, "Stopping; unfinished checks are recorded as interrupted at the next start")]
    public static partial void Stopping(this ILogger logger);
}
