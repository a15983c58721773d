using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

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

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>The values of all placeholders.</summary>
    public IReadOnlyDictionary<string, object> Under(Breakage breakage)
    {
        var now = time.GetUtcNow();
        // A document a second, so that somebody who looks twice sees life.
        var docs = 120_000L + (long)(now - _startedAt).TotalSeconds;
        var values = new Dictionary<string, object>
        {
            ["cluster"] = name,
            ["clusterUuid"] = Id(breakage == Breakage.AnotherUuid ? "another cluster" : "cluster"),
            ["now"] = now.ToUnixTimeMilliseconds(),
            ["uptimeMillis"] = 3_600_000L + (long)(now - _startedAt).TotalMilliseconds,
            ["docs"] = docs,
            ["docsPerNode"] = docs / 2,
            ["storeBytes"] = docs * 2048,
            ["storePerNode"] = docs * 1024,
        };
        AddShards(values, breakage);
        AddDisks(values, breakage);
        return values;
    }

    private static void AddShards(Dictionary<string, object> values, Breakage breakage)
    {
        var (status, lostPrimaries, lostShards) = breakage switch
        {
            Breakage.Red => ("red", 1L, 2L),
            Breakage.Yellow => ("yellow", 0L, 2L),
            _ => ("green", 0L, 0L),
        };
        values["status"] = status;
        values["activePrimaryShards"] = Primaries - lostPrimaries;
        values["activeShards"] = Shards - lostShards;
        values["unassignedShards"] = lostShards;
        values["unassignedPrimaryShards"] = lostPrimaries;
        values["activeShardsPercent"] = 100.0 * (Shards - lostShards) / Shards;
        values["replication"] = (Shards - lostShards) / (double)(Primaries - lostPrimaries) - 1;
    }

    private void AddDisks(Dictionary<string, object> values, Breakage breakage)
    {
        // The last node of newer Elasticsearch is a dedicated master with a small disk of its own.
        var dedicatedMaster = !engine.IsOpenSearch && engine.Major >= 8;
        long[] available =
        [
            46 * GiB,
            breakage == Breakage.FullDisk ? 2 * GiB : 41 * GiB,
            dedicatedMaster ? 8 * GiB : 52 * GiB,
        ];
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
