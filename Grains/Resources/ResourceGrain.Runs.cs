using ClusterGrains.History;

namespace ClusterGrains.Resources;

/// <summary>Runs: when one starts, what it is, and how it ends.</summary>
internal abstract partial class ResourceGrain<TWork>
{
    private async Task Tick(CancellationToken cancellationToken)
    {
        await Settle(cancellationToken);
        _awaitsDelivery = false;
        await Reconsider(cancellationToken);
        await CatchUp();
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

        var run = State.Open(ResumedRun(State) ?? Ulid.NewUlid(now).ToString(), schedule, now);
        await Write(run);
        DelayDeactivation(schedule.Timeout + TimeSpan.FromMinutes(1));
        _work = Run(run.Run!, schedule, Workflow(run.Run!));
    }

    private Task Run(OpenRun run, Schedule schedule, Func<CancellationToken, CancellationToken, Task> workflow) => Task.Run(
        async () =>
        {
            try
            {
                using var place = Admission is { } admission ? await admission.Enter(_lifetime.Token) : null;
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

    private async Task CloseLostRun()
    {
        if (State.Run is { } run && _work.IsCompleted)
        {
            Context.Log.RunInterrupted(Kind.Name, Key, run.RunId);
            var now = Now;
            await Write(Lose(State, run, now).Closed(RunOutcome.Interrupted, now));
            Context.Metrics.RunClosed(Kind, RunOutcome.Interrupted, now - run.StartedAt);
        }
    }
}
