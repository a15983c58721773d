namespace ClusterGrains.Storage;

/// <summary>Everything the storage says in the log. Ids 1500-1599.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1500, LogLevel.Information, "Opened {Path}, layout {Layout}")]
    public static partial void Opened(this ILogger logger, string path, int layout);

    [LoggerMessage(1501, LogLevel.Information, "Moved {Path} from layout {From} to layout {To}")]
    public static partial void Migrated(this ILogger logger, string path, int from, int to);

    [LoggerMessage(1502, LogLevel.Information, "Closed {Path}")]
    public static partial void Closed(this ILogger logger, string path);

    [LoggerMessage(1503, LogLevel.Warning,
        "A group of {Operations} writes to {Path} was rolled back; each is now tried alone")]
    public static partial void GroupRolledBack(this ILogger logger, Exception? failure, int operations, string path);

    [LoggerMessage(1504, LogLevel.Error,
        "{Path} was still busy {Seconds} s after it was asked to close; what it had not acknowledged may be lost")]
    public static partial void StillBusy(this ILogger logger, string path, double seconds);

    [LoggerMessage(1505, LogLevel.Warning,
        "The reminder '{Reminder}' of grain {Grain} cannot be read and is passed over; one of a resource is registered again within minutes, another one must be corrected or deleted")]
    public static partial void ReminderDamaged(this ILogger logger, string reminder, string grain);

    [LoggerMessage(1510, LogLevel.Information, "Connected to {Database}, MongoDB wire version {WireVersion}, layout {Layout}")]
    public static partial void Connected(this ILogger logger, string database, int wireVersion, int layout);

    [LoggerMessage(1511, LogLevel.Debug, "An operation on {Database} is tried again: {Reason}")]
    public static partial void TriedAgain(this ILogger logger, string database, string reason);

    [LoggerMessage(1512, LogLevel.Information, "Closed the connections to {Database}")]
    public static partial void Disconnected(this ILogger logger, string database);
}
