using ClusterGrains.History;

namespace ClusterGrains.Resources;

/// <summary>Runs: when one starts, what it is, and how it ends.</summary>
internal abstract partial class ResourceGrain<TWork>
{
    /// <returns>Whether there was a reminder that nothing needs any more.</returns>
    private async Task<bool> Tick(CancellationToken cancellationToken)
    {
        if (State.Phase is ResourcePhase.None)
        {
            // A reminder without a row: the store is older than the reminders, or somebody removed the row.
            await Consult(cancellationToken);
        }

        await Settle(cancellationToken);
        _awaitsDelivery = false;
        await Reconsider(cancellationToken);
        await CatchUp();
        return !IsAlive && await _reminder.Remove();
    }

    /// <summary>Does what is due, whoever asks: a tick, an edit, the end of a run.</summary>
    private async Task CatchUp()
    {
        if (State.Phase is ResourcePhase.Active)
        {
            await GiveUpSilentRun();
            await CloseLostRun();
            await StartIfDue();
            if (VerdictOf(Judge(State, Now)) != VerdictOf(State))
            {
                await Write(State);
            }

            Project();
        }

        await FinishRetiring();
        await Postpone();
        Deliver();
        await Purge();
    }

    /// <summary>
    /// What cannot be done now, because the history store or a place among the runs is waited for, is due again later: it is
    /// neither late for ever nor put right by whoever looks for the late. One write per tick at most.
    /// </summary>
    private async Task Postpone()
    {
        if (State.NextDue is not { } due || due > Now)
        {
            return;
        }

        if (State is { Phase: ResourcePhase.Active, Run: { } run })
        {
            if (_isWaiting && Schedule is { } schedule)
            {
                await Write(State with { Run = run with { Deadline = Now + schedule.Patience } });
            }
        }
        else if (State.Phase is ResourcePhase.Active or ResourcePhase.Retiring)
        {
            await Write(State);
        }
    }

    private async Task StartIfDue()
    {
        var now = Now;
        if (State.Run is not null || Schedule is not { Suspended: false } schedule
            || (!State.RunWanted && State.LastSlot == schedule.Slot(State.Uid, now)))
        {
            return;
        }

        var run = State.Open(ResumedRun(State) ?? Ulid.NewUlid(now).ToString(), schedule, now);
        await Write(run);
        DelayDeactivation(schedule.Timeout + TimeSpan.FromMinutes(1));
        _isWaiting = Admission is not null;
        _patience = new CancellationTokenSource();
        _work = Run(run.Run!, schedule, Workflow(run.Run!), _patience.Token);
    }

    /// <param name="patience">Ends when the run is given up.</param>
    private Task Run(
        OpenRun run, Schedule schedule, Func<CancellationToken, CancellationToken, Task> workflow, CancellationToken patience) => Task.Run(
        async () =>
        {
            using var span = ResourceTraces.Run(Kind, Key, run);
            try
            {
                using var place = Admission is { } admission ? await admission.Enter(_lifetime.Token) : null;
                _isWaiting = false;
                span.Admitted();
                using var budget = new CancellationTokenSource(schedule.Timeout, Context.Time);
                using var all = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, _lifetime.Token, patience);
                await workflow(all.Token, _lifetime.Token);
            }
            catch (Exception failure) when (!_lifetime.IsCancellationRequested)
            {
                span.Failed(failure);
                Context.Log.RunLost(failure, Kind.Name, Key, run.RunId);
            }
            catch (OperationCanceledException)
            {
                // The activation ended; the next one closes the run as interrupted.
            }
        },
        CancellationToken.None);

    /// <summary>A run's word on how far it is: one write, and the run has time again until its next one.</summary>
    /// <returns>
    /// False, and nothing is written: this is not the open run, or what it works from no longer holds. It is to end.
    /// </returns>
    protected async Task<bool> Report(string runId, int attempt, Func<ResourceState<TWork>, ResourceState<TWork>> apply)
    {
        await Settle(_lifetime.Token);
        if (Current(runId, attempt) is not { IsOutdated: false } run || Schedule is not { Suspended: false } schedule)
        {
            return false;
        }

        await Write(apply(State) with { Run = run with { Deadline = Now + schedule.Patience } });
        return true;
    }

    /// <summary>
    /// A run's last word. Ignored unless it is of the open run; then one write closes the run with what it found, and with
    /// the records that it leaves, if any.
    /// </summary>
    protected async Task Close(
        string runId, int attempt, Func<ResourceState<TWork>, OpenRun, DateTimeOffset, ResourceState<TWork>> apply)
    {
        await Settle(_lifetime.Token);
        if (Current(runId, attempt) is not { } run)
        {
            return;
        }

        var now = Now;
        _work = Task.CompletedTask;
        await Write(apply(State, run, now).Closed(RunOutcome.Completed, now));
        Context.Metrics.RunClosed(Kind, RunOutcome.Completed, now - run.StartedAt);
        await CatchUp();
    }

    private OpenRun? Current(string runId, int attempt)
    {
        if (State.Run is { } run && run.RunId == runId && run.Attempt == attempt)
        {
            return run;
        }

        Context.Log.ReportIgnored(Kind.Name, Key, runId, attempt);
        return null;
    }

    /// <summary>
    /// A run under way that has said nothing for so long never will. Its budget ends now, and what it may still report is of
    /// an attempt that is not open any more.
    /// </summary>
    private async Task GiveUpSilentRun()
    {
        if (State is { Run: { } run, LateAt: { } late } && late <= Now && !_isWaiting && !_work.IsCompleted)
        {
            Context.Log.RunSilent(Kind.Name, Key, run.RunId, run.Deadline);
            await _patience.CancelAsync();
            _work = Task.CompletedTask;
        }
    }

    private bool HasLostRun => State.Run is not null && _work.IsCompleted;

    private async Task CloseLostRun()
    {
        if (HasLostRun && State.Run is { } run)
        {
            Context.Log.RunInterrupted(Kind.Name, Key, run.RunId);
            var now = Now;
            await Write(Lose(State, run, now).Closed(RunOutcome.Interrupted, now));
            Context.Metrics.RunClosed(Kind, RunOutcome.Interrupted, now - run.StartedAt);
        }
    }
}
