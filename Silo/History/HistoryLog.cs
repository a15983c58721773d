namespace ClusterGrains.History;

/// <summary>Everything the history stores say in the log. Ids 1200-1299.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(1200, LogLevel.Information, "History goes to {Store}; it never overwrites an object")]
    public static partial void StoreReady(this ILogger logger, string store);

    [LoggerMessage(1201, LogLevel.Error,
        "{Store} ignores If-None-Match: two silos that both believe to own a resource could overwrite each other's history. Upgrade the store or use another one")]
    public static partial void StoreOverwrites(this ILogger logger, string store);

    [LoggerMessage(1202, LogLevel.Error,
        "{Store} holds another layout under {Key}; point History:Uri at a prefix of its own")]
    public static partial void LayoutDiffers(this ILogger logger, string store, string key);

    [LoggerMessage(1203, LogLevel.Warning, "{Store} cannot be used yet; trying again in {Delay}. Records wait in the grains' outboxes")]
    public static partial void StoreNotReady(this ILogger logger, Exception failure, string store, TimeSpan delay);

    [LoggerMessage(1204, LogLevel.Warning,
        "The history store does not answer; PUTs are refused at once and one is let through every {Pause}. Records wait in the grains' outboxes")]
    public static partial void StoreDown(this ILogger logger, Exception? failure, TimeSpan pause);

    [LoggerMessage(1205, LogLevel.Information, "The history store answers again")]
    public static partial void StoreBack(this ILogger logger);

    [LoggerMessage(1206, LogLevel.Information, "Deleted the checks of {Day} from the history: History:KeepChecks is {Kept}")]
    public static partial void ChecksDeleted(this ILogger logger, DateOnly day, TimeSpan kept);
}
