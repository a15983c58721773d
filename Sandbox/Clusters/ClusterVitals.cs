using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ClusterGrains.Sandbox.Clusters.Indices;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>
/// The numbers behind the golden answers: six indices with two primaries and one replica each on three nodes. They
/// follow from the name, the breakage and the time since the start; nothing is random.
/// </summary>
internal sealed class ClusterVitals(string name, PretendEngine engine, TimeProvider time)
{
    private const long GiB = 1L << 30;
    private const long Primaries = 12;
    private const long Shards = 2 * Primaries;

    /// <summary>Shards that are there before anybody creates an index.</summary>
    public const int OwnShards = (int)Shards;

    private const long TotalBytes = 100 * GiB;
    private const long FullDiskBytes = 2 * GiB;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly ConcurrentDictionary<int, long> _disks = [];

    public string Name => name;

    /// <summary>The last node of newer Elasticsearch is a dedicated master with a small disk of its own.</summary>
    public int DataNodes => HasMaster ? 2 : 3;

    private bool HasMaster => !engine.IsOpenSearch && engine.Major >= 8;

    /// <summary>Leaves that much on a data node's disk, until it is set again.</summary>
    /// <param name="node">From 0.</param>
    public void SetDisk(int node, long available)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)node, (uint)DataNodes, nameof(node));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)available, (ulong)TotalBytes, nameof(available));
        _disks[node] = available;
    }

    /// <summary>The disks of the data nodes.</summary>
    public IReadOnlyList<(string Node, long Total, long Available)> Disks(Breakage breakage) =>
        [.. Available(breakage).Take(DataNodes).Select((bytes, node) => ($"{name}-{node}", TotalBytes, bytes))];

    /// <summary>Whether a data node's disk is past the flood stage of the cluster's settings.</summary>
    public bool IsFlooded(Breakage breakage)
    {
        var flood = engine is { IsOpenSearch: false, Major: 7 } ? 5 * GiB : TotalBytes / 20;
        return Available(breakage).Take(DataNodes).Any(bytes => bytes < flood);
    }

    /// <summary>The values of all placeholders.</summary>
    /// <param name="indices">Shards of the indices that somebody created.</param>
    public IReadOnlyDictionary<string, object> Under(Breakage breakage, IReadOnlyCollection<ShardState> indices)
    {
        var now = time.GetUtcNow();
        // A document a second, so that somebody who looks twice sees life.
        var docs = 120_000L + (long)(now - _startedAt).TotalSeconds;
        var values = new Dictionary<string, object>
        {
            ["cluster"] = name,
            ["version"] = engine.Number,
            ["clusterUuid"] = Id(breakage == Breakage.AnotherUuid ? "another cluster" : "cluster"),
            ["now"] = now.ToUnixTimeMilliseconds(),
            ["uptimeMillis"] = 3_600_000L + (long)(now - _startedAt).TotalMilliseconds,
            ["docs"] = docs,
            ["docsPerNode"] = docs / 2,
            ["storeBytes"] = docs * 2048,
            ["storePerNode"] = docs * 1024,
        };
        AddShards(values, breakage, indices);
        AddDisks(values, breakage);
        return values;
    }

    private static void AddShards(
        Dictionary<string, object> values, Breakage breakage, IReadOnlyCollection<ShardState> indices)
    {
        var (status, lostPrimaries, lostShards) = breakage switch
        {
            Breakage.Red => ("red", 1L, 2L),
            Breakage.Yellow => ("yellow", 0L, 2L),
            _ => ("green", 0L, 0L),
        };
        var primaries = Primaries - lostPrimaries + indices.Sum(index => index.Primaries);
        var active = Shards - lostShards + indices.Sum(index => index.Active);
        var unassigned = lostShards + indices.Sum(index => index.Unassigned);
        values["status"] = status == "red" || indices.Any(index => index.Status == "red") ? "red"
            : status == "yellow" || indices.Any(index => index.Status == "yellow") ? "yellow"
            : "green";
        values["activePrimaryShards"] = primaries;
        values["activeShards"] = active;
        values["unassignedShards"] = unassigned;
        values["unassignedPrimaryShards"] = lostPrimaries + indices.Sum(index => index.LostPrimaries);
        values["activeShardsPercent"] = 100.0 * active / (active + unassigned);
        values["replication"] = active / (double)primaries - 1;
    }

    private long[] Available(Breakage breakage)
    {
        long[] usual = [46 * GiB, 41 * GiB, HasMaster ? 8 * GiB : 52 * GiB];
        return
        [
            .. usual.Select((bytes, node) => breakage == Breakage.FullDisk && node == 1
                ? FullDiskBytes
                : _disks.GetValueOrDefault(node, bytes)),
        ];
    }

    private void AddDisks(Dictionary<string, object> values, Breakage breakage)
    {
        var available = Available(breakage);
        for (var node = 0; node < available.Length; node++)
        {
            values[$"nodeId{node}"] = Id($"node {node}");
            values[$"availableBytes{node}"] = available[node];
            // File systems keep some blocks for root: free is more than available.
            values[$"freeBytes{node}"] = available[node] + GiB;
        }

        values["availableBytes"] = available.Sum();
        values["freeBytes"] = available.Sum() + available.Length * GiB;
    }

    /// <summary>22 characters like the engines' own: 16 bytes in URL-safe base64.</summary>
    private string Id(string what) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}: {what}")).AsSpan(0, 16));
}
