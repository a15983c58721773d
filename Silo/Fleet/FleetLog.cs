namespace ClusterGrains.Fleet;

/// <summary>What is said of the fleet as a whole. Ids 1600-1699.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(1600, LogLevel.Warning, "The resources could not be counted; tried again every {Period}: {Problem}")]
    public static partial void CensusFailed(this ILogger logger, TimeSpan period, string problem);

    [LoggerMessage(1601, LogLevel.Information, "The resources can be counted again")]
    public static partial void CensusBack(this ILogger logger);
}
