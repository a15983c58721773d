using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Is it the right cluster, is it fit for an update, and is the alias ours to move.</summary>
internal static class ClusterGuards
{
    /// <summary>Finds the cluster and claims the alias there. The ledger knows from then on where it is.</summary>
    public static async Task Enter(LiveRun live)
    {
        var access = await Access(live);
        var spec = ClusterSpecs.Read(access.Spec, TimeSpan.Zero).Spec ?? throw NotFound(live);
        await live.Connect(spec);
        var identity = live.Cluster.Identity;
        var uuid = Known(identity, access);
        if (identity.Engine == nameof(Engine.Elasticsearch) && EngineVersion.Parse(identity.Version)?.AtLeast(7, 10) is false)
        {
            throw Wait(
                DatasetCodes.EngineTooOld,
                $"Elasticsearch {identity.Version} cannot fence a load (require_alias came with 7.10). Upgrade the cluster.");
        }

        var claim = $"{uuid}/{live.Spec.Alias}";
        var stored = live.Ledger.Claim == claim;
        live.Note(live.Ledger.At(identity, claim));
        if (!stored)
        {
            // Written before it is asked about: of two that want the same alias at least one sees the other.
            await live.Fence();
        }

        await Claimed(live);
    }

    /// <summary>The claim still stands: nobody older wants the same alias of the same cluster.</summary>
    public static async Task Claimed(LiveRun live)
    {
        var rows = await live.Ports.Resources.ListClaims(live.Ledger.Claim!, live.Budget);

        // A row that cannot be read completely may be the older one's, and is written again within minutes.
        var winner = rows.FirstOrDefault(row => row.Damage is not null && row.Uid != live.Run.Uid)
            ?? rows.FirstOrDefault(row => row.Phase == nameof(ResourcePhase.Active));
        var ours = winner is null || winner.Uid == live.Run.Uid;
        live.Note(live.Ledger with { ClaimedBy = ours ? null : $"{winner!.Namespace}/{winner.Name}" });
        if (!ours)
        {
            throw Wait(
                DatasetCodes.AliasClaimed,
                $"{winner!.Namespace}/{winner.Name} is older and fills the alias {live.Spec.Alias} of the same cluster. "
                + "Give one of them another alias, or delete one.");
        }
    }

    /// <summary>Asked anew, right before what must not happen in another cluster or a sick one.</summary>
    public static async Task Ready(LiveRun live)
    {
        await Fit(live);
        await Here(live);
    }

    /// <summary>What a sick cluster says of its documents is nothing to go by either.</summary>
    public static async Task Fit(LiveRun live)
    {
        var access = await Access(live);
        if (access.Verdict is not (Verdict.Healthy or Verdict.Degraded))
        {
            throw Wait(
                DatasetCodes.ClusterNotReady,
                $"SearchCluster {live.Spec.ClusterRef.Name} is {access.Verdict} ({access.Reason}): {access.Message}");
        }
    }

    /// <summary>The cluster that answers is still the one this run began with.</summary>
    public static async Task Same(LiveRun live)
    {
        var uuid = Known(await live.Cluster.Identify(live.Budget), await Access(live));
        if (uuid != live.Ledger.ClusterUuid)
        {
            throw Wait(DatasetCodes.AnotherCluster, $"Cluster {uuid} answers where {live.Ledger.ClusterUuid} did a moment ago.");
        }
    }

    /// <summary>The cluster that answers is the one the candidate is built in.</summary>
    public static async Task Here(LiveRun live)
    {
        var uuid = Known(await live.Cluster.Identify(live.Budget), await Access(live));
        if (uuid != live.Candidate.ClusterUuid)
        {
            throw Fail(
                DatasetCodes.ClusterReplaced,
                $"The candidate was built in cluster {live.Candidate.ClusterUuid}; now {uuid} answers.");
        }
    }

    private static async Task<ClusterAccess> Access(LiveRun live) =>
        await live.Run.Cluster.Access(live.Budget) ?? throw NotFound(live);

    private static HaltException NotFound(LiveRun live) => Wait(
        DatasetCodes.ClusterNotFound,
        $"There is no SearchCluster {live.Run.Key.Namespace}/{live.Spec.ClusterRef.Name} with an accepted spec. "
        + "Create it, or correct spec.clusterRef.name.");

    private static string Known(ClusterIdentity identity, ClusterAccess access)
    {
        if (access.PinnedUuid is not { } pinned)
        {
            throw Wait(DatasetCodes.ClusterNotKnown, "No check of the SearchCluster was answered yet.");
        }

        return identity.ClusterUuid switch
        {
            null => throw Wait(DatasetCodes.ClusterNotReady, $"The cluster {identity.ClusterName} has not formed yet."),
            { } uuid when uuid != pinned => throw Wait(
                DatasetCodes.AnotherCluster,
                $"Cluster {uuid} answers where {pinned} is known. If that is right, say so on the SearchCluster; else correct its endpoints."),
            { } uuid => uuid,
        };
    }
}
