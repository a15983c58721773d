using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>What the audit of the history says in the log. Ids 1260-1279.</summary>
internal static partial class HistoryAuditLog
{
    [LoggerMessage(1260, LogLevel.Information, "Of the history from {From} to {To} nothing is missing that a readable state has numbered: all {Numbers} records are there, wait in an outbox, or are in a gap")]
    public static partial void Complete(this ILogger logger, DateOnly from, DateOnly to, long numbers);

    [LoggerMessage(1261, LogLevel.Error, "{Missing} of {Numbers} history records from {From} to {To} are missing, of {Resources} resources: neither stored, nor waiting, nor in a gap. docs/history.md#audit says what to do")]
    public static partial void Incomplete(this ILogger logger, long missing, long numbers, DateOnly from, DateOnly to, int resources);

    [LoggerMessage(1262, LogLevel.Error, "{Kind} {Resource}: {Count} history records of epoch {Uid} are missing: {Ranges}")]
    public static partial void Hole(this ILogger logger, string kind, ResourceKey resource, long count, string uid, string ranges);

    [LoggerMessage(1263, LogLevel.Warning, "The history was not audited; trying again in {Pause}. {Problem}")]
    public static partial void AuditFailed(this ILogger logger, Exception failure, TimeSpan pause, string problem);

    [LoggerMessage(1264, LogLevel.Warning, "The {State} cannot be read, so its history is not audited: {Problem}")]
    public static partial void NotAudited(this ILogger logger, string state, string problem);

    [LoggerMessage(1265, LogLevel.Warning, "The gap {Key} cannot be read: {Problem} The records that it accounts for count as missing")]
    public static partial void GapUnreadable(this ILogger logger, string key, string problem);

    [LoggerMessage(1266, LogLevel.Warning, "{Kind} {Resource} was not told what the audit found; the next audit tells it")]
    public static partial void NotTold(this ILogger logger, Exception failure, string kind, ResourceKey resource);

    [LoggerMessage(1270, LogLevel.Warning, "The history of {Unread} resources was not audited: their stored states cannot be read, so nobody knows which records they have")]
    public static partial void Unread(this ILogger logger, int unread);

    [LoggerMessage(1267, LogLevel.Warning, "The audit of the history did not answer; asking again in {Period}")]
    public static partial void AuditSilent(this ILogger logger, Exception failure, TimeSpan period);
}
