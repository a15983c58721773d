using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>What the work beside the grains says in the log. Ids 1062-1064.</summary>
internal static partial class SiloLoopLog
{
    [LoggerMessage(1062, LogLevel.Warning, "{Work} failed and is tried again; said once until it works: {Problem}")]
    public static partial void WorkFailed(this ILogger logger, string work, string problem);

    [LoggerMessage(1063, LogLevel.Information, "{Work} works again")]
    public static partial void WorkWorks(this ILogger logger, string work);

    [LoggerMessage(1064, LogLevel.Error, "{Work} failed by a fault of ours and is tried again; said once until it works")]
    public static partial void WorkBroke(this ILogger logger, Exception failure, string work);
}
