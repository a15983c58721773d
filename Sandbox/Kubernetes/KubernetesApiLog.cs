namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>Everything the sandbox's API server says in the log. Ids 1900-1919.</summary>
internal static partial class KubernetesApiLog
{
    [LoggerMessage(1900, LogLevel.Warning, "The last line of {Path} was cut off by a crash and is dropped")]
    public static partial void JournalTorn(this ILogger logger, Exception failure, string path);

    [LoggerMessage(1901, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception failure, string method, string path);
}
