using System.Collections.Immutable;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>
/// Whether an index fits onto the cluster's disks, by its own watermarks. Pure. Free bytes move all the time, and each other
/// word of a finding is a write of the status: only what lasts is told.
/// </summary>
internal static class DiskRoom
{
    /// <summary>Primaries to NDJSON where no earlier version says it: 6.5 TB became 8.5 TB in apache/beam#22160.</summary>
    private const double Growth = 1.3;

    /// <summary>NDJSON to its gzip or zstd, on the safe side.</summary>
    private const double Compression = 6;

    /// <summary>Bytes that the index will take with all its replicas.</summary>
    public static double Needed(FrozenVersion version, KeptVersion? before, int replicas)
    {
        var text = version.Files.Sum(file => file.Size * (file.Format is DataFormat.Plain ? 1 : Compression));
        var ratio = before is { Bytes: > 0, StoreBytes: > 0 } ? (double)before.StoreBytes / before.Bytes : Growth;
        return text * ratio * (1 + replicas);
    }

    /// <summary>Why it does not fit; null when it does, or when the cluster did not say.</summary>
    public static string? Shortage(ImmutableArray<NodeRoom> nodes, double needed)
    {
        var free = nodes.Sum(node => Math.Max(0, node.Available - node.LowFree));
        return nodes.IsEmpty || needed <= free
            ? null
            : $"The index will take about {ByteText.Of(needed)} with its replicas; below the low watermark {nodes.Length} data nodes have room for "
                + $"less than {10 * (1 + (int)(10 * free / needed))} % of it. Delete data, add disk or nodes, or lower spec.index.replicas.";
    }

    /// <summary>Which disk is past its high watermark; null when none is.</summary>
    public static string? Overflow(ImmutableArray<NodeRoom> nodes) =>
        nodes.Where(node => node.Available < node.HighFree).MinBy(node => node.Available - node.HighFree) is { } full
            ? $"Node {full.Node} is past its high watermark: of {ByteText.Of(full.Total)} "
                + $"{ByteText.Of(full.HighFree)} must stay free. Loading goes on once there is room: delete data, add disk or nodes."
            : null;
}
