using ClusterGrains.History;
using ClusterGrains.Status;

namespace ClusterGrains.Resources;

/// <summary>The turns themselves: what is written when, and what starts after it.</summary>
internal abstract partial class ResourceGrain<TWork>
{
    /// <summary>
    /// A run's report. Ignored unless it is of the open run; then one write closes the run with the given work.
    /// </summary>
    protected async Task Close(
        string runId, int attempt, Func<ResourceState<TWork>, ResourceState<TWork>> apply, Func<ResourceState<TWork>, HistoryRecord> record)
    {
        await Settle(_lifetime.Token);
        if (State.Run is not { } run || run.RunId != runId || run.Attempt != attempt)
        {
            Context.Log.ReportIgnored(Kind.Name, Key, runId, attempt);
            return;
        }

        var now = Now;
        var next = apply(State) with
        {
            Run = null,
            LastRun = new ClosedRun(runId, run.StartedAt, now, RunOutcome.Completed),
        };
        _work = Task.CompletedTask;
        await Write(next.Append(record(next) with { RunId = runId, StartedAt = run.StartedAt, FinishedAt = now }));
        Context.Metrics.RunClosed(Kind, RunOutcome.Completed, now - run.StartedAt);
        await CatchUp();
    }

    /// <summary>
    /// Once per activation, before anything else: the reminder exists, the row is not behind the live status, and a run
    /// that an earlier activation left open is closed.
    /// </summary>
    private async Task Settle(CancellationToken cancellationToken)
    {
        if (_settled || State.Phase is ResourcePhase.None or ResourcePhase.Retired)
        {
            return;
        }

        await _reminder.Ensure(Schedule, State.Uid);
        if (State.Phase is ResourcePhase.Active)
        {
            var (revision, line) = await Fence(State.Uid, cancellationToken);
            await Overtake(revision, line);
        }

        _settled = true;
        await CloseLostRun();
        Project();
    }

    private async Task CloseLostRun()
    {
        if (State.Run is { } run && _work.IsCompleted)
        {
            Context.Log.RunInterrupted(Kind.Name, Key, run.RunId);
            var now = Now;
            await Write(State.Interrupt(Target(State), VerdictOf(State), now));
            Context.Metrics.RunClosed(Kind, RunOutcome.Interrupted, now - run.StartedAt);
        }
    }

    /// <summary>
    /// What the live status shows of an epoch, before a record of this activation gets a number: further than the row
    /// means that the row comes from an older copy of the store.
    /// </summary>
    private async Task<(long Revision, int Line)> Fence(string uid, CancellationToken cancellationToken)
    {
        try
        {
            if (await Context.Status.Read(Kind, Key, cancellationToken) is { } live && live.Uid == uid)
            {
                _projector.Learn(live);
                return StatusFence.Of(live.Status);
            }
        }
        catch (DependencyException failure)
        {
            Context.Log.NotFenced(failure, Kind.Name, Key);
        }

        return (0, 0);
    }

    private async Task Overtake(long liveRevision, int liveLine)
    {
        var next = State.Overtake(liveRevision, liveLine);
        if (!ReferenceEquals(next, State))
        {
            Context.Log.StateWasOlder(Kind.Name, Key, State.Revision, liveRevision, next.Outbox.Line);
            await Write(next);
            Context.Metrics.Restored(Kind);
        }
    }

    /// <summary>Asks the API server what is true, and adopts only that.</summary>
    private async Task Consult(CancellationToken cancellationToken)
    {
        Context.Metrics.Doubted(Kind);
        var live = await Context.Api.Get(Kind, Key, cancellationToken);
        if (live is not null)
        {
            await Take(live, cancellationToken);
        }
        else if (State.Phase is ResourcePhase.Active)
        {
            await Retire();
        }
    }

    private async Task Take(Manifest manifest, CancellationToken cancellationToken)
    {
        if (State.Phase is ResourcePhase.Active && manifest.Uid == State.Uid)
        {
            if (State.Weigh(manifest) is not ManifestWeight.Known)
            {
                await Adopt(State, manifest, cancellationToken);
            }

            return;
        }

        var (revision, line) = await Fence(manifest.Uid, cancellationToken);
        if (manifest.Uid == State.Uid)
        {
            Context.Log.EpochRevived(Kind.Name, Key, manifest.Uid);
            await Adopt(State.Overtake(revision, line), manifest, cancellationToken);
            Context.Metrics.Epoch(Kind, "revived");
            return;
        }

        var closed = State.Phase is ResourcePhase.Active ? State.Retire(Target(State), VerdictOf(State), Now) : State;
        Context.Log.EpochBegan(Kind.Name, Key, manifest.Uid);
        await Adopt(closed.Begin(Kind, manifest).Overtake(revision, line), manifest, cancellationToken);
        Context.Metrics.Epoch(Kind, "begun");
    }

    /// <summary>One write: the manifest, and its spec if it is good.</summary>
    private async Task Adopt(ResourceState<TWork> state, Manifest manifest, CancellationToken cancellationToken)
    {
        var reading = await Read(manifest, cancellationToken);
        if (!reading.Problems.IsEmpty)
        {
            Context.Log.SpecRefused(Kind.Name, Key, manifest.Generation, reading.Problems[0].ToString());
        }

        var next = state.Adopt(manifest, reading.Problems);
        Schedule = reading.Schedule ?? Accepted(next);
        await _reminder.Ensure(Schedule, manifest.Uid);
        await Write(next);
        _settled = true;
    }

    /// <summary>A refused spec may be good by now: the Secret it names can have been created since.</summary>
    private async Task Reconsider(CancellationToken cancellationToken)
    {
        if (State is not { Phase: ResourcePhase.Active, Problems.IsEmpty: false, Manifest: { } manifest })
        {
            return;
        }

        var reading = await Read(manifest, cancellationToken);
        if (!reading.Problems.SequenceEqual(State.Problems))
        {
            await Adopt(State, manifest, cancellationToken);
        }
    }

    private async Task Retire()
    {
        Context.Log.EpochRetires(Kind.Name, Key, State.Uid);
        await Write(State.Retire(Target(State), VerdictOf(State), Now));
        Context.Metrics.Epoch(Kind, "retired");
    }

    /// <summary>Does what is due, whoever asks: a tick, an edit, the end of a run.</summary>
    private async Task CatchUp()
    {
        if (State.Phase is ResourcePhase.Active)
        {
            await CloseLostRun();
            await StartIfDue();
            if (VerdictOf(Judge(State, Now)) != VerdictOf(State))
            {
                await Write(State);
            }

            Project();
        }

        await FinishRetiring();
        Deliver();
        await Purge();
    }

    private async Task StartIfDue()
    {
        var now = Now;
        if (State.Run is not null || Schedule is not { Suspended: false } schedule
            || (!State.RunWanted && State.LastSlot == schedule.Slot(State.Uid, now)))
        {
            return;
        }

        var run = State.Open(Ulid.NewUlid(now).ToString(), schedule, now);
        await Write(run);
        DelayDeactivation(schedule.Timeout + TimeSpan.FromMinutes(1));
        _work = Run(run.Run!, schedule, Workflow(run.Run!));
    }

    private Task Run(OpenRun run, Schedule schedule, Func<CancellationToken, CancellationToken, Task> workflow) => Task.Run(
        async () =>
        {
            try
            {
                using var place = await Context.Admission.Enter(_lifetime.Token);
                using var budget = new CancellationTokenSource(schedule.Timeout, Context.Time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, _lifetime.Token);
                await workflow(both.Token, _lifetime.Token);
            }
            catch (Exception failure) when (!_lifetime.IsCancellationRequested)
            {
                Context.Log.RunLost(failure, Kind.Name, Key, run.RunId);
            }
            catch (OperationCanceledException)
            {
                // The activation ended; the next one closes the run as interrupted.
            }
        },
        CancellationToken.None);

    private async Task FinishRetiring()
    {
        if (State.Phase is ResourcePhase.Retiring && State.Outbox.Entries.All(entry => _delivered.Contains(entry.Key)))
        {
            await Write(State with { Phase = ResourcePhase.Retired, RetiredAt = Now, HistoryFailure = null });
            await _reminder.Remove();
            DeactivateOnIdle();
        }
    }

    private async Task Purge()
    {
        if (State is { Phase: ResourcePhase.Retired, RetiredAt: { } retired } && Now - retired >= KeepRetired)
        {
            await _storage.ClearStateAsync(CancellationToken.None);
            DeactivateOnIdle();
        }
    }

    /// <summary>
    /// The only way state changes. A failed write may have reached the store all the same, so the activation gives up
    /// its memory: the next one reads what is true.
    /// </summary>
    private async Task Write(ResourceState<TWork> wanted)
    {
        var before = State;
        var next = wanted.Phase is ResourcePhase.Active ? Judge(wanted, Now) : wanted;
        next = next.Drop(_delivered) with { Revision = next.Revision + 1, NextDue = NextDue(next) };
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

        _delivered.Clear();
        Announce(before, next);
        _awaitsDelivery = next.LastKey != before.LastKey && next.HistoryFailure is null;
        if (next.LastKey != before.LastKey)
        {
            Deliver();
        }

        // An edit is acknowledged at once; what a run found is shown once its record is in the store.
        Project(evenUndelivered: !ReferenceEquals(next.Manifest, before.Manifest));
    }

    private DateTimeOffset? NextDue(ResourceState<TWork> state) => state switch
    {
        { Phase: ResourcePhase.Retiring } => Now,
        { Phase: ResourcePhase.Retired, RetiredAt: { } retired } => retired + KeepRetired,
        { Run: { } run } => run.Deadline,
        _ when Schedule is { Suspended: false } schedule => schedule.NextSlot(state.Uid, Now),
        _ => null,
    };

    private Schedule? Accepted(ResourceState<TWork> state) =>
        state.Accepted is { } accepted ? ScheduleOf(accepted.Spec) : null;

    private void Deliver()
    {
        var pending = State.Outbox.Entries.RemoveAll(entry => _delivered.Contains(entry.Key));
        if (!pending.IsEmpty)
        {
            _delivery.Offer(pending);
        }
    }

    private void Project(bool evenUndelivered = false)
    {
        if (State is { Phase: ResourcePhase.Active, Manifest: { } manifest } && (evenUndelivered || !_awaitsDelivery))
        {
            var interval = Schedule?.Interval ?? TimeSpan.Zero;
            var refresh = Context.StatusOptions.Value.Refresh;
            _projector.Offer(new Projection(
                manifest.Uid, manifest.ResourceVersion, State.Revision, Document(State), interval > refresh ? interval : refresh));
        }
    }
}
