namespace ClusterGrains.Clusters;

/// <summary>What the probe says in the log. Ids 1150-1199; 1100-1149 are the grain's.</summary>
internal static partial class ClustersLog
{
    [LoggerMessage(1150, LogLevel.Debug, "{Step} ended as {Outcome}: {Detail}")]
    public static partial void StepFailed(this ILogger logger, Step step, StepOutcome outcome, string detail);

    [LoggerMessage(1151, LogLevel.Error, "{Step} failed in a way that is not foreseen; it counts as a bad answer")]
    public static partial void Unforeseen(this ILogger logger, Exception failure, Step step);
}
