using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>The guards before anything is built, and the frozen list of files in the history.</summary>
internal static class PlanStep
{
    public static async Task Run(LiveRun live)
    {
        await ClusterGuards.Ready(live);
        await NoTemplateInterferes(live);
        var frozen = await Frozen(live);
        await Fits(live, frozen);
        _ = await Body(live, live.Run.StartedAt);
        var (key, body) = UpdateObjects.Plan(live.Run, live.Candidate, frozen);
        await live.Fence();
        await live.Ports.History.Put(key, body, live.Budget);
        await live.Save(live.Candidate with { Step = UpdateStep.Create });
    }

    /// <summary>The version as it is now, if that is how it was planned.</summary>
    public static async Task<FrozenVersion> Frozen(LiveRun live)
    {
        var candidate = live.Candidate;
        var frozen = await live.Source.Freeze(candidate.Version, live.Budget) ?? throw Withdrawn(live);
        return frozen.Fingerprint == candidate.Fingerprint
            ? frozen
            : throw Fail(
                DatasetCodes.SourceChanged,
                $"Files of {candidate.Version} were changed, added or removed after its update began. It is loaded anew as it is now; "
                + $"write a folder completely before its {live.Spec.Source.Marker}.");
    }

    private static HaltException Withdrawn(LiveRun live) => Fail(
        DatasetCodes.MarkerWithdrawn,
        $"{live.Spec.Source.Marker} of {live.Candidate.Version} was removed after its update began. Put it back when the folder is complete; it is loaded again then.");

    /// <summary>The body of the index; the texts that the spec names are read each time.</summary>
    public static async Task<byte[]> Body(LiveRun live, DateTimeOffset builtAt)
    {
        var candidate = live.Candidate;
        var mark = new IndexMark(
            live.Run.Uid, live.Run.Key.ToString(), candidate.Version, candidate.RunId, candidate.Fingerprint, builtAt);
        return await FromTexts(live, texts => IndexBody.ForLoading(live.Spec.Index, texts, mark));
    }

    public static async Task<byte[]> FromTexts(LiveRun live, Func<IReadOnlyDictionary<string, string>?, byte[]> make)
    {
        if (live.Spec.Index.ConfigMapRef?.Name is not { } name)
        {
            return make(null);
        }

        var texts = await live.Ports.ConfigMaps.Read(live.Run.Key.Namespace, name, live.Budget);
        var problems = string.Join(" ", DatasetReferences.Problems(name, live.Run.Key.Namespace, texts));
        return problems.Length == 0 ? make(texts) : throw Wait(DatasetCodes.ConfigMapMissing, problems);
    }

    private static async Task NoTemplateInterferes(LiveRun live)
    {
        var effect = await live.Cluster.Simulate(live.Candidate.Index, live.Budget);
        if (effect.Aliases.Contains(live.Spec.Alias))
        {
            throw Wait(
                DatasetCodes.TemplateInterferes,
                $"An index template would put the alias {live.Spec.Alias} on {live.Candidate.Index} before it is loaded. Take the alias out of the template.");
        }

        if (effect.Lifecycle is { } policy)
        {
            throw Wait(
                DatasetCodes.TemplateInterferes,
                $"An index template would put {live.Candidate.Index} under the lifecycle policy {policy}, which may roll or delete it. "
                + $"Exclude {live.Prefix}* from the template.");
        }
    }

    private static async Task Fits(LiveRun live, FrozenVersion frozen)
    {
        var needed = DiskRoom.Needed(frozen, live.Ledger.Published, live.Spec.Index.Replicas);
        if (DiskRoom.Shortage(await live.Cluster.Room(live.Budget), needed) is { } shortage)
        {
            throw Wait(DatasetCodes.DiskFull, shortage);
        }
    }
}
