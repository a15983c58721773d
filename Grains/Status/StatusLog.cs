using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Status;

/// <summary>What the status projection says in the log. Ids 1300-1349.</summary>
internal static partial class StatusLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The status of {Resource} could not be written; it is tried again")]
    public static partial void NotShown(this ILogger logger, Exception failure, ResourceKey resource);
}
