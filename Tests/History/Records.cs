using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.History;

/// <summary>Plausible records, all ended at the same moment.</summary>
internal static class Records
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 23, 59, 58, 7, TimeSpan.Zero);

    /// <param name="bulk">Characters that do not compress well, in a finding.</param>
    /// <param name="seed">Other characters with another seed.</param>
    public static HistoryRecord Check(string uid = "a", int bulk = 0, int seed = 1, string runId = "01JNABCDEFGHJKMNPQRSTVWXYZ") => new()
    {
        Record = RecordKind.Check,
        RunId = runId,
        Target = Target(uid),
        StartedAt = At.AddSeconds(-2),
        FinishedAt = At,
        Outcome = "Completed",
        Verdict = "Degraded",
        Findings = [new Finding { Code = "DiskLow", Severity = Severity.Warning, Object = "data-0", Message = "86 % used." + Noise(bulk, seed) }],
        Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("nodes", 3).Add("disk.maxUsedPercent", 86.5),
    };

    public static HistoryRecord Transition(string uid = "a") =>
        Check(uid) with { Record = RecordKind.Transition, From = "Healthy", To = "Degraded", Reason = "DiskLow" };

    public static HistoryRecord Update(string uid = "a") => Check(uid) with
    {
        Record = RecordKind.Update,
        Outcome = "Failed",
        Update = new HistoryUpdate(
            "Load", "2026-03-01", "f", "products-2026-03-01-4", null, "Plan", "DiskFull", "No room.", null, ["products-x-1"]),
    };

    public static HistoryRecord Tombstone(string uid = "a") => new()
    {
        Record = RecordKind.Tombstone,
        Target = Target(uid),
        StartedAt = At,
        FinishedAt = At,
        Outcome = "Completed",
        Reason = "Deleted",
    };

    public static HistoryTarget Target(string uid = "a") =>
        new("SearchCluster", "prod", "logs", uid, "3rjK", "OpenSearch", "2.19.1");

    private static string Noise(int length, int seed)
    {
#pragma warning disable CA5394 // Only has to be incompressible.
        var random = new Random(seed);
        return string.Create(length, random, (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = (char)source.Next('0', 'z');
            }
        });
#pragma warning restore CA5394
    }
}
