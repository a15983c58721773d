using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Datasets;

/// <summary>What updates say in the log. Ids 1800-1809.</summary>
internal static partial class UpdateLog
{
    [LoggerMessage(1800, LogLevel.Error, "Run {RunId} of dataset {Dataset} failed by a fault of ours; the next run goes on from what is stored")]
    public static partial void RunBroke(this ILogger logger, Exception failure, string runId, ResourceKey dataset);

    [LoggerMessage(1801, LogLevel.Warning, "Run {RunId} of dataset {Dataset} does not know whether its checkpoint was stored; the next attempt goes on from what is")]
    public static partial void CheckpointLost(this ILogger logger, Exception failure, string runId, ResourceKey dataset);

    [LoggerMessage(1802, LogLevel.Information, "Run {RunId} attempt {Attempt} of dataset {Dataset} is not the open one any more, or its spec changed; it touches nothing more")]
    public static partial void RunFenced(this ILogger logger, string runId, int attempt, ResourceKey dataset);
}
