using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Everything relay and sweep say in the log. Ids 1400-1499.</summary>
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

    [LoggerMessage(1404, LogLevel.Warning,
        "Watch:Relay is false: what users change is found by the sweep alone, every {Interval}")]
    public static partial void RelayOff(this ILogger logger, TimeSpan interval);

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

    [LoggerMessage(1430, LogLevel.Warning,
        "The sweep found {Resource} out of touch: its grain {Difference}. It has been told; the relay should have done so")]
    public static partial void Drifted(this ILogger logger, Address resource, string difference);

    [LoggerMessage(1431, LogLevel.Warning, "The sweep found and told {More} more resources of {Target} that were out of touch")]
    public static partial void MoreDrifted(this ILogger logger, WatchTarget target, int more);

    [LoggerMessage(1432, LogLevel.Warning, "Sweeping {Target} is left to the next sweep: {Problem}")]
    public static partial void SweepFailed(this ILogger logger, WatchTarget target, string problem);

    [LoggerMessage(1433, LogLevel.Error, "Sweeping {Target} failed unexpectedly")]
    public static partial void SweepBroke(this ILogger logger, Exception failure, WatchTarget target);
}
