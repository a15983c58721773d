using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Moves the alias: a compare-and-swap whose only proof is what the alias shows afterwards.</summary>
internal static class PromoteStep
{
    /// <summary>Whether it may be: by itself, or because somebody named exactly this index.</summary>
    public static void Approve(LiveRun live)
    {
        var candidate = live.Candidate;
        if (live.Spec.Rollout.Approval is Approval.Manual && candidate.Kind is not UpdateKind.Switch && live.Run.Approve != candidate.Index)
        {
            throw Wait(
                DatasetCodes.ApprovalPending,
                $"{candidate.Version} is verified: {candidate.Verified?.Docs} documents, {candidate.Verified?.Duplicates} duplicates, "
                + $"{candidate.Counts.Rejected} rejected, {candidate.Baseline ?? 0} behind the alias now. Promote it: kubectl annotate --overwrite sds "
                + $"{live.Run.Key.Name} clustergrains.io/approve={candidate.Index}");
        }
    }

    public static async Task Run(LiveRun live)
    {
        if (live.Candidate.Step is UpdateStep.Approve)
        {
            Approve(live);
            await Check(live);
            if (live.Candidate.Kind is not UpdateKind.Switch)
            {
                _ = await PlanStep.Frozen(live);
            }

            // The intent: from here on nothing supersedes it.
            await live.Save(live.Candidate with { Step = UpdateStep.Promote });
        }

        var view = await live.Cluster.Alias(live.Spec.Alias, live.Budget);
        if (!ShowsCandidate(live, view))
        {
            view = await Swap(live, view);
        }

        if (!ShowsCandidate(live, view))
        {
            throw AliasWatch.Drifted(live, view);
        }

        await live.Save(live.Ledger.Promoted(live.Names, live.Now));
    }

    /// <summary>The spec names another alias since the intent was written: what became of the swap is recorded, and no more.</summary>
    public static async Task<bool> Leave(LiveRun live)
    {
        var candidate = live.Candidate;
        if (candidate.Alias is { } alias && ShowsCandidate(live, await live.Cluster.Alias(alias, live.Budget)))
        {
            await live.Save(candidate with { Step = UpdateStep.Prune });
            return true;
        }

        throw new HaltException(
            Halt.Supersede, DatasetCodes.SpecChanged, $"spec.alias was {candidate.Alias} and is {live.Spec.Alias}; the version is built anew.");
    }

    private static async Task Check(LiveRun live)
    {
        await CandidateIndex.Find(live);
        await CandidateIndex.Whole(live);
        if (live.Candidate.Verified is { } verified)
        {
            // Days may lie between: an approval, a cluster that was not ready.
            await CandidateIndex.Unchanged(live, verified.Docs);
        }

        await ClusterGuards.Claimed(live);
        await ClusterGuards.Ready(live);
    }

    private static async Task<AliasView> Swap(LiveRun live, AliasView view)
    {
        var candidate = live.Candidate;
        var from = view.Targets is [var one] ? one : null;
        if (view.IndexOfThatName)
        {
            throw AliasWatch.NameTaken(live);
        }

        if (view.Targets.Length > 1 || from?.Index != candidate.Expected)
        {
            throw AliasWatch.Drifted(live, view);
        }

        await Check(live);
        await live.Fence();
        var answer = await live.Cluster.Swap(live.Spec.Alias, from, candidate.Index, live.Budget);
        var after = await live.Cluster.Alias(live.Spec.Alias, live.Budget);
        return ShowsCandidate(live, after) ? after : throw await Refused(live, answer, after);
    }

    private static async Task<HaltException> Refused(LiveRun live, SwapAnswer answer, AliasView after)
    {
        var untouched = after.Targets.Length <= 1 && after.Targets.FirstOrDefault()?.Index == live.Candidate.Expected;
        return answer.Result switch
        {
            SwapResult.Missing => await CandidateIndex.Lost(live, "is gone"),
            SwapResult.NameTaken => AliasWatch.NameTaken(live),
            SwapResult.Blocked => Wait(DatasetCodes.IndexBlocked, $"A block forbids moving the alias {live.Spec.Alias}: {answer.Reason}"),
            SwapResult.Done or SwapResult.Unconfirmed or SwapResult.NotAsExpected when untouched => Wait(
                DatasetCodes.ClusterUnreachable,
                $"The cluster was told to move the alias {live.Spec.Alias} ({answer.Result}) and does not show it yet. {answer.Reason}"),
            _ => AliasWatch.Drifted(live, after),
        };
    }

    private static bool ShowsCandidate(LiveRun live, AliasView view) =>
        view.Targets is [var only] && only.Index == live.Candidate.Index;
}
