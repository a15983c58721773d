namespace ClusterGrains.Hosting;

/// <summary>What the process says of itself. Ids 1700-1799.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1700, LogLevel.Information, "Running. Fleet API: {Api}api/v1; probes and metrics: {Management}readyz, metrics")]
    public static partial void Running(this ILogger logger, Uri api, Uri management);

    [LoggerMessage(1701, LogLevel.Information, "Stopping; unfinished checks are recorded as interrupted at the next start")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(1702, LogLevel.Information, "The {Use} has a new certificate from {Path}, good until {End:u}")]
    public static partial void CertificateLoaded(this ILogger logger, string use, string path, DateTime end);

    [LoggerMessage(1703, LogLevel.Error, "The {Use} keeps the certificate it has. {Failure}")]
    public static partial void CertificateRefused(this ILogger logger, string use, string failure);

    [LoggerMessage(1705, LogLevel.Warning, "The connection with {Peer} is no connection between silos: {Failure}")]
    public static partial void HandshakeFailed(this ILogger logger, System.Net.EndPoint? peer, string failure);
}
