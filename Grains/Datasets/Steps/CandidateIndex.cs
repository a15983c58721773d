using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>The index a candidate is built in: is it still there, still the same, and whole.</summary>
internal static class CandidateIndex
{
    /// <summary>A node that restarts brings its shards back; after this long without, they are lost.</summary>
    private static readonly TimeSpan RedPatience = TimeSpan.FromMinutes(10);

    public static async Task<IndexView> Find(LiveRun live)
    {
        var candidate = live.Candidate;
        var view = await live.Cluster.Find(candidate.Index, live.Budget);
        return view is not null && view.Uuid == candidate.IndexUuid
            ? view
            : throw await Lost(live, view is null ? "is gone" : $"is another one now ({view.Uuid}, not {candidate.IndexUuid})");
    }

    /// <summary>Without replicas a lost disk loses documents that were acknowledged: then only a new load helps.</summary>
    public static async Task<IndexHealth> Whole(LiveRun live)
    {
        var health = await live.Cluster.Health(live.Candidate.Index, live.Budget) ?? throw await Lost(live, "is gone");
        var since = health.Status == "red" ? live.Candidate.RedSince ?? live.Now : (DateTimeOffset?)null;
        live.Note(live.Ledger with { Candidate = live.Candidate with { RedSince = since } });
        if (since is not { } red)
        {
            return health;
        }

        if (health.Unassigned > 0 && live.Now - red >= RedPatience)
        {
            throw await Lost(live, $"lost {health.Unassigned} shards that did not come back");
        }

        throw Wait(DatasetCodes.IndexNotReady, $"The index {live.Candidate.Index} is red: not all of its shards are in place.");
    }

    /// <summary>
    /// Still what was counted once: a shard that came back empty, or documents that somebody deleted, leave index and health
    /// as they were. Without a write block others may add to it.
    /// </summary>
    public static async Task<IndexSize> Unchanged(LiveRun live, long docs)
    {
        var size = await live.Cluster.Count(live.Candidate.Index, live.Budget);
        return size.Docs == docs || (size.Docs > docs && !live.Spec.Rollout.WriteBlock)
            ? size
            : throw Fail(
                DatasetCodes.CountMismatch,
                $"The index {live.Candidate.Index} held {docs} documents when it was counted, and holds {size.Docs} now. It is not given "
                + $"to readers. Load the version again: kubectl annotate --overwrite sds {live.Run.Key.Name} "
                + $"clustergrains.io/reload={live.Candidate.Version}");
    }

    /// <summary>Another cluster that answers for a while does not know the index: then nothing is lost, and it waits.</summary>
    public static async Task<HaltException> Lost(LiveRun live, string how)
    {
        await ClusterGuards.Here(live);
        return Fail(DatasetCodes.IndexLost, $"The index {live.Candidate.Index} {how}; the version is loaded again into a new one.");
    }
}
