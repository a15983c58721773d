using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>What the terminal shows of one SearchCluster. Every text is short and has no escapes or breaks.</summary>
internal sealed record ClusterRow
{
    /// <summary>With its namespace, unless that is <c>default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Empty before the first status.</summary>
    public required string Verdict { get; init; }

    public required string Reason { get; init; }

    public required string Health { get; init; }

    public required string Version { get; init; }

    /// <summary>Of the fullest data node.</summary>
    public long? DiskPercent { get; init; }

    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Number of the newest history record.</summary>
    public long? HistorySeq { get; init; }

    /// <summary>History records that wait for the store.</summary>
    public long HistoryPending { get; init; }

    /// <summary>The same for two rows that say the same thing of a cluster, whenever it was checked.</summary>
    public (string Verdict, string Reason, string Health, string Version, bool HistoryLate) Said =>
        (Verdict, Reason, Health, Version, HistoryPending > 0);

    public static ClusterRow Read(JsonElement resource)
    {
        var status = Reading.Child(resource, "status");
        var history = Reading.Child(status, "history");
        return new ClusterRow
        {
            Name = Reading.Name(resource),
            Verdict = Reading.Text(status, "verdict"),
            Reason = Reading.Text(status, "reason"),
            Health = Reading.Text(status, "health"),
            Version = Reading.Text(status, "version"),
            DiskPercent = Reading.Number(status, "diskPercent"),
            CheckedAt = Reading.Time(Reading.Child(status, "lastRun"), "finishedAt"),
            HistorySeq = Reading.Number(history, "seq"),
            HistoryPending = Reading.Number(history, "pending") ?? 0,
        };
    }

    public string HistoryText() => Reading.History(HistorySeq, HistoryPending);

    /// <summary>How long ago it was checked; empty before the first time.</summary>
    public string CheckedAgo(DateTimeOffset now) => Reading.Ago(CheckedAt, now);
}
