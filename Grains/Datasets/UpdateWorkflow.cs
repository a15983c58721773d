using ClusterGrains.Datasets.Steps;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Datasets;

/// <summary>One run: looks at source and cluster, then brings the candidate as far as it goes.</summary>
internal sealed class UpdateWorkflow(UpdatePorts ports, ILogger<UpdateWorkflow> logger)
{
    /// <param name="budget">Ends with the run's budget: what is known by then is reported.</param>
    /// <param name="lifetime">Ends with the activation: then nothing is.</param>
    public async Task Run(UpdateRun run, CancellationToken budget, CancellationToken lifetime)
    {
        await using var live = new LiveRun(run, ports, budget, lifetime);
        if (await Report(live) is { } report)
        {
            await run.Grain.Complete(run.RunId, run.Attempt, report, lifetime);
        }
    }

    /// <returns>Null when nothing may be reported any more.</returns>
    private async Task<RunReport?> Report(LiveRun live)
    {
        try
        {
            return await Go(live);
        }
        catch (HaltException halt)
        {
            return Halted(live, halt);
        }
        catch (SourceException unusable)
        {
            return Halted(live, HaltException.Fail(unusable.Code, unusable.Message));
        }
        catch (DependencyException failure)
        {
            return Waiting(live, Code(failure.Dependency), failure.Message);
        }
        catch (OperationCanceledException) when (live.Lifetime.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (live.Budget.IsCancellationRequested)
        {
            return new RunReport(live.Ledger);
        }
        catch (Exception fault)
        {
            logger.RunBroke(fault, live.Run.RunId, live.Run.Key);
            return Waiting(
                live,
                DatasetCodes.RunFailed,
                $"The run itself failed ({fault.GetType().Name}); the silo's log has the details. Please report it.");
        }
    }

    private static async Task<RunReport> Go(LiveRun live)
    {
        await DatasetTraces.Step(live, "look", SourceLooking.TryLook);
        if (live.Ledger.Candidate?.Step is UpdateStep.Prune)
        {
            return await FinishPromoted(live);
        }

        await DatasetTraces.Step(live, "guard", ClusterGuards.Enter);

        // A candidate that nobody wants any more ends before anything is compared with what it expected.
        var isUnderWay = live.Ledger.Candidate is not null && await DatasetTraces.Step(live, "choose", Choose);
        if (live.Ledger.Candidate?.Step is UpdateStep.Prune)
        {
            return await Finish(live);
        }

        await AliasWatch.Align(live);
        await PruneStep.Sweep(live);
        return isUnderWay || await DatasetTraces.Step(live, "choose", Choose)
            ? await Steps(live)
            : new RunReport(live.Ledger with { Blocked = null });
    }

    /// <returns>Whether there is a candidate to work on.</returns>
    private static async Task<bool> Choose(LiveRun live)
    {
        live.Note(live.Ledger with { Notes = Choice.Unheard(live.Run, live.Ledger, live.Versions) is { } note ? [note] : [] });
        var choice = Choice.Of(live.Run, live.Ledger, live.Versions, Recipe.Of(live.Spec));
        return choice.Way switch
        {
            Way.Continue => true,
            Way.Leave => await PromoteStep.Leave(live),
            Way.Rest => live.SourceFailure is { } failure ? throw failure : false,
            Way.Load => await Beginning.Load(live, choice),
            Way.Switch => await Beginning.Switch(live, choice.Kept!),
            Way.Blind => throw live.SourceFailure!,
            Way.Wait => throw HaltException.Wait(choice.Code, choice.Message),
            Way.Fail => throw HaltException.Fail(choice.Code, choice.Message),
            _ => throw new HaltException(Halt.Supersede, choice.Code, choice.Message),
        };
    }

    private static async Task<RunReport> Steps(LiveRun live)
    {
        if (live.Candidate.Step is UpdateStep.Plan)
        {
            await DatasetTraces.Step(live, "plan", PlanStep.Run);
        }

        if (live.Candidate is { Step: < UpdateStep.Approve, Kind: not UpdateKind.Switch })
        {
            using var place = await DatasetTraces.Step(live, "queue", Queue.Enter);
            await Build(live);
        }
        else if (live.Candidate.Step < UpdateStep.Approve)
        {
            await DatasetTraces.Step(live, "verify", VerifyStep.Run);
        }

        if (live.Candidate.Step < UpdateStep.Prune)
        {
            await DatasetTraces.Step(live, "promote", PromoteStep.Run);
        }

        return await Finish(live);
    }

    /// <summary>An earlier run promoted it. That is a fact, recorded whether the cluster is there to be tidied or not.</summary>
    private static async Task<RunReport> FinishPromoted(LiveRun live)
    {
        (string Code, string Message) trouble;
        try
        {
            await ClusterGuards.Enter(live);
            return await Finish(live);
        }
        catch (HaltException halt) when (halt.Halt is Halt.Wait)
        {
            trouble = (halt.Code, halt.Message);
        }
        catch (DependencyException failure)
        {
            trouble = (Code(failure.Dependency), failure.Message);
        }

        // What is left there the next runs sweep away.
        live.Clock();
        var report = live.Ledger.Finished([]);
        return report with { Ledger = report.Ledger.Waiting(trouble.Code, trouble.Message, live.Now) };
    }

    private static async Task<RunReport> Finish(LiveRun live)
    {
        var pruned = await DatasetTraces.Step(live, "prune", PruneStep.Run);
        live.Clock();
        return live.Ledger.Finished(pruned);
    }

    private static async Task Build(LiveRun live)
    {
        if (live.Candidate.Step is UpdateStep.Create)
        {
            await DatasetTraces.Step(live, "create", CreateStep.Run);
        }

        if (live.Candidate.Step is UpdateStep.Load)
        {
            await DatasetTraces.Step(live, "load", LoadStep.Run);
        }

        if (live.Candidate.Step is UpdateStep.Settle)
        {
            await DatasetTraces.Step(live, "settle", SettleStep.Run);
        }

        await DatasetTraces.Step(live, "verify", VerifyStep.Run);
    }

    private RunReport? Halted(LiveRun live, HaltException halt)
    {
        switch (halt.Halt)
        {
            case Halt.Lost:
                logger.CheckpointLost(halt, live.Run.RunId, live.Run.Key);
                return null;
            case Halt.Fenced:
                logger.RunFenced(live.Run.RunId, live.Run.Attempt, live.Run.Key);
                return new RunReport(live.Ledger);
            case Halt.Wait:
                return Waiting(live, halt.Code, halt.Message);
            default:
                live.Clock();
                return halt.Halt is Halt.Fail
                    ? live.Ledger.Failing(live.Run, halt.Code, halt.Message, live.Now)
                    : live.Ledger.Ended(UpdateResult.Superseded, halt.Code, halt.Message);
        }
    }

    private static RunReport Waiting(LiveRun live, string code, string message)
    {
        live.Clock();
        return new RunReport(live.Ledger.Waiting(code, message, live.Now));
    }

    private static string Code(Dependency dependency) => dependency switch
    {
        Dependency.SearchCluster => DatasetCodes.ClusterUnreachable,
        Dependency.Source => DatasetCodes.SourceUnreadable,
        Dependency.History => DatasetCodes.HistoryUnavailable,
        _ => DatasetCodes.RunFailed,
    };
}
