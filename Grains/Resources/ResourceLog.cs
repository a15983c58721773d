using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>What resource grains say in the log. Ids 1000-1049.</summary>
internal static partial class ResourceLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Kind} {Resource}: epoch {Uid} begins")]
    public static partial void EpochBegan(this ILogger logger, string kind, ResourceKey resource, string uid);

    [LoggerMessage(1001, LogLevel.Information, "{Kind} {Resource}: epoch {Uid} is gone from the API server and retires")]
    public static partial void EpochRetires(this ILogger logger, string kind, ResourceKey resource, string uid);

    [LoggerMessage(1002, LogLevel.Warning, "{Kind} {Resource}: epoch {Uid} was retired but is alive in the API server; it goes on")]
    public static partial void EpochRevived(this ILogger logger, string kind, ResourceKey resource, string uid);

    [LoggerMessage(1003, LogLevel.Warning, "{Kind} {Resource}: the stored state (revision {Revision}) is older than the live status (revision {LiveRevision}); history goes on in line {Line}")]
    public static partial void StateWasOlder(
        this ILogger logger, string kind, ResourceKey resource, long revision, long liveRevision, int line);

    [LoggerMessage(1004, LogLevel.Warning, "{Kind} {Resource}: run {RunId} was interrupted; it runs again")]
    public static partial void RunInterrupted(this ILogger logger, string kind, ResourceKey resource, string runId);

    [LoggerMessage(1005, LogLevel.Error, "{Kind} {Resource}: run {RunId} could not report its outcome")]
    public static partial void RunLost(this ILogger logger, Exception failure, string kind, ResourceKey resource, string runId);

    [LoggerMessage(1006, LogLevel.Debug, "{Kind} {Resource}: report of run {RunId} attempt {Attempt} is not of the open run; ignored")]
    public static partial void ReportIgnored(this ILogger logger, string kind, ResourceKey resource, string runId, int attempt);

    [LoggerMessage(1007, LogLevel.Warning, "{Kind} {Resource}: the live status could not be read before the first turn; it is fenced when it is written: {Problem}")]
    public static partial void NotFenced(this ILogger logger, string kind, ResourceKey resource, string problem);

    [LoggerMessage(1008, LogLevel.Warning, "{Kind} {Resource}: the spec of generation {Generation} is refused: {Problem}")]
    public static partial void SpecRefused(
        this ILogger logger, string kind, ResourceKey resource, long generation, string problem);

    [LoggerMessage(1009, LogLevel.Warning, "{Kind} {Resource}: run {RunId} has said nothing since its deadline {Deadline}; it is given up")]
    public static partial void RunSilent(
        this ILogger logger, string kind, ResourceKey resource, string runId, DateTimeOffset deadline);
}
