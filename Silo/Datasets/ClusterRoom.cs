using System.Collections.Immutable;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>From disks and settings to the room that is left.</summary>
internal static class ClusterRoom
{
    /// <summary>Data nodes that said how large their disk is.</summary>
    public static ImmutableArray<NodeRoom> Of(NodesFacts nodes, ClusterSettings? settings, EngineFeatures engine)
    {
        var marks = Watermarks.Of(settings, engine.Engine, engine.Version);
        var data = nodes.Nodes.Where(node => node.HoldsData && node.TotalBytes > 0 && node.AvailableBytes is not null).ToList();
        var alone = data.Count == 1 && !marks.OnSingleDataNode;
        return [.. data.Select(node => Of(node, marks, alone))];
    }

    // A watermark on which the cluster does not act holds nothing up.
    private static NodeRoom Of(NodeFacts node, Watermarks marks, bool alone)
    {
        var total = node.TotalBytes!.Value;
        long Free(Watermark mark) => marks.Enabled ? (long)Math.Ceiling(mark.NeedsFree(total)) : 0;
        var flood = Free(marks.Flood);
        return new NodeRoom(
            node.Name,
            total,
            node.AvailableBytes!.Value,
            LowFree: alone ? flood : Free(marks.Low),
            HighFree: alone ? flood : Free(marks.High),
            FloodFree: flood);
    }
}
