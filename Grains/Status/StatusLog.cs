using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Status;

/// <summary>What the status projection says in the log. Ids 1300-1349.</summary>
internal static partial class StatusLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The status of {Resource} could not be written; it is tried again until it is: {Problem}")]
    public static partial void NotShown(this ILogger logger, ResourceKey resource, string problem);

    [LoggerMessage(1301, LogLevel.Debug, "The status of {Resource} could not be written, again: {Problem}")]
    public static partial void NotShownAgain(this ILogger logger, ResourceKey resource, string problem);

    [LoggerMessage(1302, LogLevel.Error, "The status of {Resource} could not be written by a fault of ours; it is tried again")]
    public static partial void ShowingFailed(this ILogger logger, Exception failure, ResourceKey resource);
}
