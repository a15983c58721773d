using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>What the cluster says of itself.</summary>
internal static class HealthChecks
{
    public static IEnumerable<Finding> AClusterManagerIsElected(CheckInput input)
    {
        if (input.Facts.HealthFacts is { ClusterManagerDiscovered: false } || NobodySeesOne(input.Facts))
        {
            yield return CheckInput.Finding(
                FindingCodes.NoClusterManager,
                Severity.Critical,
                "No cluster manager (master) is elected, so nothing can be allocated, created or changed. See that a majority of "
                + "the nodes eligible for it is up and can reach each other; their logs name who is missing.",
                input.Facts.Endpoint ?? "");
        }
    }

    private static bool NobodySeesOne(ClusterFacts facts) => facts.HealthFacts is null
        && (facts.Identify.Outcome is StepOutcome.NoClusterManager
            || facts.Health.Outcome is StepOutcome.NoClusterManager
            || facts.PassedOver.Any(failure => failure.Result.Outcome is StepOutcome.NoClusterManager));

    public static IEnumerable<Finding> NoShardIsMissing(CheckInput input) => input.Facts.HealthFacts switch
    {
        { Status: "red" } health => [Red(health)],
        { Status: "yellow" } health => [Yellow(health)],
        { Relocating: > 0 } or { Initializing: > 0 } => [Moving(input.Facts.HealthFacts)],
        _ => [],
    };

    private static Finding Red(HealthFacts health) => CheckInput.Finding(
        FindingCodes.StatusRed,
        Severity.Critical,
        $"The cluster is red: at least one primary shard has no node, so data is missing from searches and cannot be written. "
        + $"{Shards(health)} Bring lost nodes back, or restore the indices from a snapshot; "
        + "GET /_cluster/allocation/explain says what stands in the way.");

    // With one data node a replica has nowhere to go: that is how the index was made, not something that broke.
    private static Finding Yellow(HealthFacts health) =>
        health is { DataNodes: 1, Initializing: null or 0, Relocating: null or 0, DelayedUnassigned: null or 0 }
            ? CheckInput.Finding(
                FindingCodes.SettledYellow,
                Severity.Info,
                $"The cluster is yellow for good: {health.Unassigned ?? 0} replica shards can never be placed on its single data node. Add "
                + "a data node, or set index.number_of_replicas to 0.")
            : CheckInput.Finding(
                FindingCodes.StatusYellow,
                Severity.Warning,
                $"The cluster is yellow: replica shards have no node, so the loss of another node may lose data. {Shards(health)} "
                + "GET /_cluster/allocation/explain says what stands in the way.");

    private static Finding Moving(HealthFacts health) => CheckInput.Finding(
        FindingCodes.ShardsMoving,
        Severity.Info,
        $"Shards are on the move: {health.Relocating ?? 0} relocating, {health.Initializing ?? 0} initializing. No need to act.");

    private static string Shards(HealthFacts health)
    {
        var primaries = health.UnassignedPrimaries is { } count ? $" ({count} of them primaries)" : "";
        return $"{health.Unassigned ?? 0} shards unassigned{primaries}, {health.Initializing ?? 0} initializing, "
            + $"{health.DelayedUnassigned ?? 0} delayed, {health.ActiveShards ?? 0} active on {health.DataNodes ?? 0} data nodes.";
    }

    public static IEnumerable<Finding> EveryNodeAnswers(CheckInput input)
    {
        if (input.Facts.NodesFacts is { Failed: > 0 } nodes)
        {
            yield return CheckInput.Finding(
                FindingCodes.NodesNotAnswering,
                Severity.Warning,
                $"{nodes.Failed} of {nodes.Failed + nodes.Nodes.Length} nodes did not answer GET /_nodes/stats, so their disks are not "
                + "judged. Look at their logs and load.");
        }
    }
}
