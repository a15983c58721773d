using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>From an index that is loaded to one that can serve readers.</summary>
internal static class SettleStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task Run(LiveRun live)
    {
        var view = await CandidateIndex.Find(live);
        await CandidateIndex.Whole(live);
        await live.Fence();
        if (!await live.Cluster.PointLoadAlias(view, null, live.Budget))
        {
            throw await CandidateIndex.Lost(live, "is gone");
        }

        if (live.Spec.Rollout.WriteBlock)
        {
            await live.Fence();
            await live.Cluster.BlockWrites(view.Name, live.Budget);
        }

        await live.Cluster.Refresh(view.Name, live.Budget);
        var settings = await PlanStep.FromTexts(live, texts => IndexBody.ForServing(live.Spec.Index, texts));
        await live.Fence();
        await live.Cluster.Configure(view.Name, settings, live.Budget);
        await Green(live);
        await live.Save(live.Candidate with { Step = UpdateStep.Verify });
    }

    /// <summary>More replicas than other data nodes never turn green: yellow is all there is to wait for.</summary>
    private static async Task Green(LiveRun live)
    {
        var until = live.Now + Patience;
        while (true)
        {
            var health = await CandidateIndex.Whole(live);
            var clamped = live.Spec.Index.Replicas > health.DataNodes - 1;
            if (health.Status == "green" || (clamped && health.Moving == 0))
            {
                return;
            }

            if (live.Now >= until)
            {
                throw Wait(
                    DatasetCodes.IndexNotReady,
                    $"The replicas of {live.Candidate.Index} are not all in place. "
                    + "Above their low watermark disks take no replicas.");
            }

            await Task.Delay(Pause, live.Ports.Time, live.Budget);
        }
    }
}
