using System.Globalization;
using ClusterGrains.Datasets.Loading;
using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Carries the documents over, from where the last attempt came to.</summary>
internal static class LoadStep
{
    public static async Task Run(LiveRun live)
    {
        var view = await CandidateIndex.Find(live);
        await CandidateIndex.Whole(live);
        await ClusterGuards.Ready(live);
        var watch = new LoadWatch(live, await PlanStep.Frozen(live));
        watch.InTime();
        await watch.HasRoom();

        // This attempt's alias replaces those of all others: whatever they still send is refused from now on.
        await live.Save(live.Candidate with { LoadStartedAt = live.Candidate.LoadStartedAt ?? live.Now });
        var alias = string.Create(CultureInfo.InvariantCulture, $"{view.Name}.a{live.Run.Attempt}");
        if (!await live.Cluster.PointLoadAlias(view, alias, live.Budget))
        {
            throw await CandidateIndex.Lost(live, "is gone");
        }

        var end = await live.Ports.Load(Job(live, watch, alias), live.Budget);
        await Judge(live, end);
        await live.Save(live.Candidate with { Step = UpdateStep.Settle, DocsPerSecond = null, Eta = null });
    }

    private static LoadJob Job(LiveRun live, LoadWatch watch, string alias) => new()
    {
        Source = live.Source,
        Version = watch.Frozen,
        Index = live.Cluster,
        Alias = alias,
        Limits = live.Spec.Load,
        IdField = live.Spec.Source.IdField,
        MaxRejected = live.Spec.Verify.MaxRejected,
        From = live.Candidate.Position,
        Counts = live.Candidate.Counts,
        Checkpoint = watch.Checkpoint,
    };

    private static async Task Judge(LiveRun live, LoadEnd end)
    {
        switch (end.Result)
        {
            case LoadResult.Done:
                return;
            case LoadResult.TooManyRejected:
                throw Fail(
                    DatasetCodes.TooManyRejected,
                    $"Too many documents were rejected; spec.verify.maxRejected is {live.Spec.Verify.MaxRejected}. {end.Reason}");
            case LoadResult.Blocked:
                throw Wait(DatasetCodes.IndexBlocked, $"The cluster blocks writes to {live.Candidate.Index}: {end.Reason}");
            case LoadResult.Gone:
                await live.Fence();
                _ = await CandidateIndex.Find(live);
                throw Wait(DatasetCodes.IndexNotReady, $"The load alias of {live.Candidate.Index} was taken away; the next run sets it again.");
            case LoadResult.Busy:
                throw Wait(DatasetCodes.ClusterUnreachable, $"The cluster took no documents for a minute: {end.Reason}");
            case LoadResult.Refused:
                throw Wait(DatasetCodes.ClusterUnreachable, $"The cluster refuses to be loaded: {end.Reason}");
            default:
                throw new InvalidOperationException($"The loader ended in no known way: {end}");
        }
    }
}
