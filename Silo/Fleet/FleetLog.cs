namespace ClusterGrains.Fleet;

/// <summary>What is said of the fleet API. Ids 1600-1699.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(1610, LogLevel.Debug, "A caller of the fleet API was answered 503")]
    public static partial void NotAnswered(this ILogger logger, Exception failure);
}
