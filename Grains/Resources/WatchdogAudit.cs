using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// Compares all reminders with the index every few minutes, the silos taking turns. A resource without its reminder and a
/// reminder without its resource are told to the grain, which looks for itself and puts it right; and so are columns of the index
/// that cannot be read.
/// </summary>
internal sealed class WatchdogAudit(WatchdogContext context, IReminderTable reminders, Rota rota, ILogger<WatchdogAudit> logger)
    : SiloLoop("The comparison of reminders with resources", context.Time, logger)
{
    private readonly Dictionary<string, ResourceKind> _kinds =
        context.Kinds.ToDictionary(kind => kind.GrainType, StringComparer.Ordinal);

    private HashSet<(GrainId, string)> _unknown = [];

    /// <returns>What kept it from waking all whose rows disagree; null when it did.</returns>
    public async Task<string?> Round(CancellationToken cancellationToken)
    {
        var table = await reminders.ReadRows(0, 0, cancellationToken);
        var rows = await context.AllRows(cancellationToken);
        var reminded = table.Reminders.Select(Resource).OfType<ResourceId>().ToHashSet();
        TellUnknown([.. table.Reminders.Where(entry => Resource(entry) is null).Select(entry => (entry.GrainId, entry.ReminderName))]);

        var alive = context.Waker.Resources(rows.Where(row => row.Phase != nameof(ResourcePhase.Retired))).ToHashSet();
        var disagreeing = alive.Except(reminded).Concat(reminded.Except(alive));

        // What waits for nothing, or was written before this column was kept, is never late, and would never show that its
        // state cannot be read.
        var timeless = context.Waker.Resources(rows.Where(row => row.LateAt is null));

        // A reminder of a resource that is in no row: there is none, or its kind cannot be read, which its grain will know.
        var torn = context.Waker.Resources(rows.Where(row => row.Damage is not null))
            .Concat(reminded.Except(context.Waker.Resources(rows)))
            .ToHashSet();
        var failures = await context.Waker.Wake(disagreeing.Concat(timeless).Concat(torn), torn, cancellationToken);

        // Both tables were read and all were tried; who could not be woken is counted apart.
        context.Metrics.AuditEnded(_unknown.Count);
        return failures.Problem;
    }

    protected override async Task Run(CancellationToken cancellationToken)
    {
        while (true)
        {
            await rota.NextTurn(context.Options.AuditPeriod, cancellationToken);
            await Try(Round, cancellationToken);
        }
    }

    /// <summary>Null when the reminder is none of ours.</summary>
    private ResourceId? Resource(ReminderEntry entry) =>
        entry.ReminderName == ResourceReminder.Name
        && _kinds.TryGetValue(entry.GrainId.Type.ToString() ?? "", out var kind)
        && ResourceKey.TryParse(entry.GrainId.Key.ToString() ?? "", out var key)
            ? new ResourceId(kind, key)
            : null;

    private void TellUnknown(HashSet<(GrainId Grain, string Reminder)> found)
    {
        foreach (var (grain, reminder) in found.Except(_unknown))
        {
            logger.ReminderUnknown(reminder, grain);
        }

        _unknown = found;
    }
}
