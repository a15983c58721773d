using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>What the watchdog says in the log. Ids 1060-1061 and 1065-1079.</summary>
internal static partial class WatchdogLog
{
    [LoggerMessage(1060, LogLevel.Warning, "Put right {Count} resources, for example {Resource}: {Repairs}")]
    public static partial void Repaired(this ILogger logger, int count, ResourceId resource, Repairs repairs);

    [LoggerMessage(1061, LogLevel.Debug, "{Resource} could not be woken")]
    public static partial void NotWoken(this ILogger logger, Exception failure, ResourceId resource);

    [LoggerMessage(1065, LogLevel.Error, "{Resource} can do nothing: {Problem}")]
    public static partial void StateUnreadable(this ILogger logger, ResourceId resource, string problem);

    [LoggerMessage(1066, LogLevel.Information, "The stored state of {Resource} stands in nobody's way any more")]
    public static partial void StateReadable(this ILogger logger, ResourceId resource);

    [LoggerMessage(1067, LogLevel.Debug, "The status of {Resource} could not be turned Unknown; it is tried again: {Problem}")]
    public static partial void NotTurned(this ILogger logger, ResourceId resource, string problem);

    [LoggerMessage(1068, LogLevel.Warning, "The reminder '{Reminder}' of grain {Grain} is of nothing that this version knows; it is left alone")]
    public static partial void ReminderUnknown(this ILogger logger, string reminder, GrainId grain);

    [LoggerMessage(1069, LogLevel.Information, "{Silo} is gone; the {Count} resources it left were woken")]
    public static partial void Rescued(this ILogger logger, string silo, int count);

    [LoggerMessage(1070, LogLevel.Warning, "{Silo} is gone; not all it left could be woken, the rest is when it is late: {Problem}")]
    public static partial void NotRescued(this ILogger logger, string silo, string problem);

    [LoggerMessage(1071, LogLevel.Warning, "A row of kind {Kind} waits for a turn, and this version does not know the kind; it is left alone")]
    public static partial void KindUnknown(this ILogger logger, string kind);
}
