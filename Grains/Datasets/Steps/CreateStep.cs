using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>The index, marked as ours from its first moment.</summary>
internal static class CreateStep
{
    public static async Task Run(LiveRun live)
    {
        var candidate = live.Candidate;
        var view = await live.Cluster.Find(candidate.Index, live.Budget) ?? await Create(live);
        if (view.Mark is not { } mark || mark.RunId != candidate.RunId || mark.Uid != live.Run.Uid)
        {
            throw Fail(
                DatasetCodes.IndexRefused, $"An index {candidate.Index} is there already, and it is not of this update. The next one gets another number.");
        }

        if (view.Aliases.Contains(live.Spec.Alias))
        {
            throw Wait(
                DatasetCodes.TemplateInterferes,
                $"{view.Name} was created with the alias {live.Spec.Alias} on it, from an index template. Take the alias off the index and out of the template.");
        }

        await live.Save(candidate with { IndexUuid = view.Uuid, Step = UpdateStep.Load });
    }

    private static async Task<IndexView> Create(LiveRun live)
    {
        var body = await PlanStep.Body(live, live.Now);
        await live.Fence();
        var answer = await live.Cluster.Create(live.Candidate.Index, body, live.Budget);
        if (answer.Result is CreateResult.NoRoom)
        {
            throw Wait(
                DatasetCodes.ShardLimit,
                $"The cluster has no place for the shards of {live.Candidate.Index}: {answer.Reason} Delete indices, raise "
                + "cluster.max_shards_per_node or add nodes; or lower spec.index.shards.");
        }

        if (answer.Result is CreateResult.Refused)
        {
            throw Fail(DatasetCodes.IndexRefused, $"The cluster refuses the index {live.Candidate.Index}: {answer.Reason}");
        }

        return await live.Cluster.Find(live.Candidate.Index, live.Budget)
            ?? throw Wait(DatasetCodes.IndexNotReady, $"The index {live.Candidate.Index} was created and is not to be seen yet.");
    }
}
