using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Everything the relay says in the log. Ids 1400-1499.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(1400, LogLevel.Information, "The watch relay lives in this silo now and watches {Targets}")]
    public static partial void RelayStarted(this ILogger logger, string targets);

    [LoggerMessage(1401, LogLevel.Information, "The watch relay leaves this silo")]
    public static partial void RelayStopped(this ILogger logger);

    [LoggerMessage(1402, LogLevel.Warning,
        "The watch relay has had no answer from the API server for {Silence}; it moves, perhaps to another silo")]
    public static partial void RelayDeaf(this ILogger logger, TimeSpan silence);

    [LoggerMessage(1403, LogLevel.Warning, "The watch relay did not answer; the next nudge is in {Period}")]
    public static partial void NudgeFailed(this ILogger logger, Exception failure, TimeSpan period);

    [LoggerMessage(1410, LogLevel.Information,
        "Listed {Target} ({Cause}): {Objects} objects, {Changed} differ from the index, {Missing} are missing")]
    public static partial void Listed(
        this ILogger logger, WatchTarget target, RelistCause cause, int objects, int changed, int missing);

    [LoggerMessage(1411, LogLevel.Information, "Listing {Target} starts anew: its page token expired")]
    public static partial void PageExpired(this ILogger logger, WatchTarget target);

    [LoggerMessage(1412, LogLevel.Debug, "The watch of {Target} ended ({End}) after {Lines} lines")]
    public static partial void WatchEnded(this ILogger logger, WatchTarget target, WatchEnd end, long lines);

    [LoggerMessage(1413, LogLevel.Warning, "Watching {Target}: {Problem}")]
    public static partial void Trouble(this ILogger logger, WatchTarget target, string problem);

    [LoggerMessage(1414, LogLevel.Debug, "Watching {Target}, again: {Problem}")]
    public static partial void TroubleAgain(this ILogger logger, WatchTarget target, string problem);

    [LoggerMessage(1415, LogLevel.Information, "Watching {Target} works again")]
    public static partial void Recovered(this ILogger logger, WatchTarget target);

    [LoggerMessage(1416, LogLevel.Error, "The loop that watches {Target} failed unexpectedly and starts anew")]
    public static partial void LoopFailed(this ILogger logger, Exception failure, WatchTarget target);

    [LoggerMessage(1420, LogLevel.Warning,
        "Skipped {Resource} in {Target}: {Problem}. Its grain goes on with what it last understood")]
    public static partial void Undecodable(this ILogger logger, ResourceKey? resource, WatchTarget target, string problem);

    [LoggerMessage(1421, LogLevel.Warning, "{Resource} could not be told; it is told again until it understands")]
    public static partial void DeliveryFailed(this ILogger logger, Exception failure, Address resource);
}
