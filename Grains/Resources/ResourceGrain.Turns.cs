using ClusterGrains.Status;

namespace ClusterGrains.Resources;

/// <summary>What ends every turn: one write, and what starts after it.</summary>
internal abstract partial class ResourceGrain<TWork>
{
    /// <summary>
    /// The only way state changes. A failed write may have reached the store all the same, so the activation gives up
    /// its memory: the next one reads what is true.
    /// </summary>
    private async Task Write(ResourceState<TWork> wanted)
    {
        var before = State;
        var next = wanted.Phase is ResourcePhase.Active ? Judge(wanted, Now) : wanted;
        var due = NextDue(next);
        next = next with { Revision = next.Revision + 1, NextDue = due, LateAt = due + Grace(next), Silo = Context.SiloAddress };
        _storage.State = next;
        try
        {
            await _storage.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            _storage.State = before;
            await _lifetime.CancelAsync();
            DeactivateOnIdle();
            throw;
        }

        CountPending(next.Outbox.Entries.Length);
        Announce(before, next);
        _awaitsDelivery = next.HistoryFailure is null && (_awaitsDelivery || next.LastKey != before.LastKey);
        if (next.LastKey != before.LastKey)
        {
            Deliver();
        }

        // An edit is acknowledged at once; what a run found is shown once its record is in the store.
        Project(evenUndelivered: !ReferenceEquals(next.Manifest, before.Manifest));
    }

    private DateTimeOffset? NextDue(ResourceState<TWork> state) => state switch
    {
        { Phase: ResourcePhase.Retiring } => NextTick(state),
        { Phase: ResourcePhase.Retired, RetiredAt: { } retired } => retired + KeepRetired,
        { Run: { } run } => run.Deadline,
        _ when Schedule is not { Suspended: false } => null,

        // Between the end of an interrupted run and the start of the next one a silo may die: whoever looks finds it due.
        { RunWanted: true } => Now,
        _ when Schedule is { } schedule => schedule.NextSlot(state.Uid, Now),
        _ => null,
    };

    private DateTimeOffset NextTick(ResourceState<TWork> state) =>
        Schedule?.NextSlot(state.Uid, Now) ?? Now + ResourceReminder.Period(Schedule, Context.Checks.Value);

    /// <summary>
    /// One interval, so that a slot that was missed by a moment is no alarm, and at least a minute. A retired row has no
    /// reminder that could come late: whoever looks for late rows is its only one.
    /// </summary>
    private TimeSpan Grace(ResourceState<TWork> state) => state.Phase is ResourcePhase.Retired ? TimeSpan.Zero
        : Schedule is { } schedule && schedule.Interval > LeastGrace ? schedule.Interval : LeastGrace;

    private Schedule? Accepted(ResourceState<TWork> state) =>
        state.Accepted is { } accepted ? ScheduleOf(accepted.Spec) : null;

    private void Deliver()
    {
        if (!State.Outbox.Entries.IsEmpty)
        {
            _delivery.Offer(State.Outbox.Entries);
        }
    }

    private void Project(bool evenUndelivered = false)
    {
        if (State is { Phase: ResourcePhase.Active, Manifest: { } manifest } && (evenUndelivered || !_awaitsDelivery))
        {
            _projector.Offer(new Projection(
                manifest.Uid, manifest.ResourceVersion, State.Revision, Document(State), Refresh())
            {
                Origin = TraceOrigin.Here(Context.Time),
            });
        }
    }

    /// <summary>
    /// While a run is open its times are no reason to write: the end of the run is, and would then have to wait. Unless the
    /// kind knows better.
    /// </summary>
    private TimeSpan Refresh()
    {
        var (interval, refresh) = (Schedule?.Interval ?? TimeSpan.Zero, Context.StatusOptions.Value.Refresh);
        return State.Run is not null ? RunRefresh(State) : interval > refresh ? interval : refresh;
    }
}
