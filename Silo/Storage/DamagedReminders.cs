using System.Collections.Concurrent;

namespace ClusterGrains.Storage;

/// <summary>
/// Reads reminders and passes over those that cannot be read: a single one would stop all others. Such a reminder is as good as
/// missing, and what compares reminders with resources has it registered again.
/// </summary>
internal sealed class DamagedReminders(StorageMetrics metrics, ILogger logger)
{
    private readonly ConcurrentDictionary<(string, string), bool> _told = new();

    /// <summary>Null when it cannot be read; that is told once, and counted every time.</summary>
    /// <param name="column">See <see cref="StoredColumns"/>.</param>
    public ReminderEntry? Read(string grainId, string name, Func<string, object?> column)
    {
        var read = new StoredColumns(column);
        var (etag, start, ticks) = (read.Text("etag"), read.Time("startAt"), read.Number("periodTicks"));
        if (read.Damage is null && start is { } startAt && ticks > 0 && GrainId.TryParse(grainId, out var grain))
        {
            _told.TryRemove((grainId, name), out _);
            return new ReminderEntry
            {
                GrainId = grain,
                ReminderName = name,
                ETag = etag,
                StartAt = startAt.UtcDateTime,
                Period = TimeSpan.FromTicks(ticks),
            };
        }

        metrics.ReminderDamaged();
        if (_told.TryAdd((grainId, name), true))
        {
            logger.ReminderDamaged(name, grainId);
        }

        return null;
    }
}
