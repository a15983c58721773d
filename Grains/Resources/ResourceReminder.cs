namespace ClusterGrains.Resources;

/// <summary>
/// The durable reminder of one resource: it exists while the resource does, and is rewritten only when the interval
/// changes, because each registration moves its anchor.
/// </summary>
internal sealed class ResourceReminder(Grain grain, ResourceKind kind, ResourceContext context)
{
    public const string Name = "run";

    /// <summary>The pace of a resource that has no accepted spec yet: its problems are looked at again this often.</summary>
    private static readonly TimeSpan Unscheduled = TimeSpan.FromSeconds(30);

    private TimeSpan? _period;

    /// <returns>Whether it was missing or had another period.</returns>
    public async Task<bool> Ensure(Schedule? schedule, string uid)
    {
        var period = Period(schedule, context.Checks.Value);
        if (_period == period)
        {
            return false;
        }

        var row = await context.Reminders.ReadRow(grain.GrainContext.GrainId, Name);
        var isWrong = row is null || row.Period != period;
        if (isWrong)
        {
            await grain.RegisterOrUpdateReminder(Name, FirstTick(schedule, uid, period), period);
            context.Metrics.ReminderRegistered(kind);
        }

        _period = period;
        return isWrong;
    }

    /// <summary>Believes the table only: the row may have been lost since.</summary>
    public Task<bool> EnsureAgain(Schedule? schedule, string uid)
    {
        _period = null;
        return Ensure(schedule, uid);
    }

    public static TimeSpan Period(Schedule? schedule, CheckOptions checks) =>
        schedule?.Interval ?? (Unscheduled > checks.MinimumInterval ? Unscheduled : checks.MinimumInterval);

    /// <returns>Whether there was one.</returns>
    public async Task<bool> Remove()
    {
        _period = null;
        if (await grain.GetReminder(Name) is not { } reminder)
        {
            return false;
        }

        await grain.UnregisterReminder(reminder);
        return true;
    }

    /// <summary>
    /// A little into the next slot: a tick that came a moment early would find the old slot, and the run would wait for
    /// a whole interval.
    /// </summary>
    private TimeSpan FirstTick(Schedule? schedule, string uid, TimeSpan period)
    {
        var now = context.Time.GetUtcNow();
        var lead = TimeSpan.FromTicks(Math.Min(period.Ticks / 10, TimeSpan.TicksPerSecond / 2));
        return schedule is null ? period : schedule.NextSlot(uid, now) - now + lead;
    }
}
