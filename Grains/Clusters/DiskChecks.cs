using System.Globalization;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Disks against the cluster's own watermarks.</summary>
internal static class DiskChecks
{
    /// <summary>The fullest nodes tell enough; a fleet of full ones would push all else out of the findings.</summary>
    private const int MaxNodes = 10;

    public static IEnumerable<Finding> DisksAreUnderTheirWatermarks(CheckInput input)
    {
        if (input.Facts.NodesFacts is not { } nodes)
        {
            return [];
        }

        var data = nodes.Nodes.Where(node => node.HoldsData && node.DiskUsedPercent is not null).ToList();
        var marks = Watermarks.Of(input.Facts.ClusterSettings, input.Engine, input.Version);
        var alone = (input.Facts.HealthFacts?.DataNodes ?? data.Count) == 1 && !marks.OnSingleDataNode;
        return data
            .OrderByDescending(node => node.DiskUsedPercent)
            .Select(node => Judge(node, marks, alone))
            .OfType<Finding>()
            .OrderByDescending(finding => finding.Severity)
            .Take(MaxNodes);
    }

    public static IEnumerable<Finding> WatermarksAreEnforced(CheckInput input)
    {
        if (input.Facts.ClusterSettings is { } settings && !Watermarks.Of(settings, input.Engine, input.Version).Enabled)
        {
            yield return CheckInput.Finding(
                FindingCodes.WatermarksDisabled,
                Severity.Warning,
                "The cluster does not watch its disks (cluster.routing.allocation.disk.threshold_enabled is false): one that fills up "
                + "stops its node. Set it to true.");
        }
    }

    private static Finding? Judge(NodeFacts node, Watermarks marks, bool alone)
    {
        var total = (double)node.TotalBytes!.Value;
        var free = (double)node.AvailableBytes!.Value;
        var lenient = alone || !marks.Enabled;
        return free switch
        {
            _ when free < marks.Flood.NeedsFree(total) => Past(
                node, FindingCodes.DiskFlood, Severity.Critical, "flood stage", marks.Flood, marks,
                marks.Enabled
                    ? "Indices with a shard here are read-only until disk is freed; then the block goes by itself."
                    : "The cluster does not act on it."),
            _ when free < marks.High.NeedsFree(total) => Past(
                node, FindingCodes.DiskHigh, lenient ? Severity.Warning : Severity.Critical, "high", marks.High, marks,
                lenient ? "The cluster does not act on it here." : "The cluster moves shards away from it."),
            _ when free < marks.Low.NeedsFree(total) => Past(
                node, FindingCodes.DiskLow, Severity.Warning, "low", marks.Low, marks,
                lenient ? "The cluster does not act on it here." : "The cluster places no more shards on it."),
            _ => null,
        };
    }

    private static Finding Past(
        NodeFacts node, string code, Severity severity, string name, Watermark mark, Watermarks marks, string effect)
    {
        var used = node.DiskUsedPercent!.Value.ToString("0.0", CultureInfo.InvariantCulture);
        return CheckInput.Finding(
            code,
            severity,
            $"Node {node.Name}: disk {used} % used, {ByteText.Of(node.AvailableBytes!.Value)} of {ByteText.Of(node.TotalBytes!.Value)} "
            + $"free, past the {name} watermark ({mark}{(marks.Assumed ? ", assumed" : "")}). {effect} Delete data, or add disk or nodes.",
            node.Name);
    }
}
