using Microsoft.Extensions.Logging;

namespace ClusterGrains.Clusters;

/// <summary>What checks say in the log. Ids 1100-1109.</summary>
internal static partial class CheckLog
{
    [LoggerMessage(1100, LogLevel.Error, "A check in namespace {Namespace} failed by a fault of ours; its verdict is not changed")]
    public static partial void CheckBroke(this ILogger logger, Exception failure, string @namespace);
}
