using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>What the delivery of history says in the log. Ids 1250-1259.</summary>
internal static partial class HistoryDeliveryLog
{
    [LoggerMessage(1250, LogLevel.Error, "History key {Key} holds other bytes than ours; somebody else writes there. Ours is not stored.")]
    public static partial void KeyTaken(this ILogger logger, string key);

    [LoggerMessage(1251, LogLevel.Warning, "Resource {Resource} did not hear what was delivered; the records will be sent again")]
    public static partial void ReportLost(this ILogger logger, Exception failure, string resource);
}
