using System.Collections.Immutable;

namespace ClusterGrains.Clusters;

/// <summary>The numbers of a check. A number that the cluster did not say is left out, never zero.</summary>
internal static class FactMetrics
{
    public static ImmutableSortedDictionary<string, double> None { get; } =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, double> Of(ClusterFacts facts)
    {
        var health = facts.HealthFacts;
        var nodes = facts.NodesFacts?.Nodes ?? [];
        var data = nodes.Where(node => node.DiskUsedPercent is not null && node.HoldsData).ToList();
        (string Name, double? Value)[] numbers =
        [
            (FactNames.Nodes, health?.Nodes),
            (FactNames.DataNodes, health?.DataNodes),
            (FactNames.Shards, health?.ActiveShards),
            (FactNames.PrimaryShards, health?.ActivePrimaries),
            (FactNames.UnassignedShards, health?.Unassigned),
            (FactNames.InitializingShards, health?.Initializing),
            (FactNames.RelocatingShards, health?.Relocating),
            (FactNames.PendingTasks, health?.PendingTasks),
            (FactNames.DiskMaxUsedPercent, data.Max(node => node.DiskUsedPercent) is { } used ? Math.Round(used, 1) : null),
            (FactNames.DiskTotalBytes, data.Count == 0 ? null : data.Sum(node => (double)node.TotalBytes!.Value)),
            (FactNames.DiskAvailableBytes, data.Count == 0 ? null : data.Sum(node => (double)node.AvailableBytes!.Value)),
            (FactNames.HeapMaxUsedPercent, nodes.Max(node => node.HeapUsedPercent)),
        ];

        return None.AddRange(
            from number in numbers
            where number.Value is { } value && double.IsFinite(value)
            select KeyValuePair.Create(number.Name, number.Value!.Value));
    }
}
