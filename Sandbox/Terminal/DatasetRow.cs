using System.Globalization;
using System.Text.Json;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>What the terminal shows of one SearchDataset. Every text is short and has no escapes or breaks.</summary>
internal sealed record DatasetRow
{
    /// <summary>With its namespace, unless that is <c>default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Empty before the first status.</summary>
    public required string Phase { get; init; }

    /// <summary>The published one.</summary>
    public required string Version { get; init; }

    /// <summary>The version on its way.</summary>
    public required string Candidate { get; init; }

    public required string Progress { get; init; }

    public required string Reason { get; init; }

    /// <summary>In the published version.</summary>
    public long? Docs { get; init; }

    /// <summary>When the published version was promoted.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Number of the newest history record.</summary>
    public long? HistorySeq { get; init; }

    /// <summary>History records that wait for the store.</summary>
    public long HistoryPending { get; init; }

    /// <summary>The same for two rows that say the same thing, however far a load is.</summary>
    public (string Phase, string Version, string Candidate, string Reason, bool HistoryLate) Said =>
        (Phase, Version, Candidate, Reason, HistoryPending > 0);

    public static DatasetRow Read(JsonElement resource)
    {
        var status = Reading.Child(resource, "status");
        var published = Reading.Child(status, "published");
        var history = Reading.Child(status, "history");
        return new DatasetRow
        {
            Name = Reading.Name(resource),
            Phase = Reading.Text(status, "phase"),
            Version = Reading.Text(published, "version"),
            Candidate = Reading.Text(Reading.Child(status, "candidate"), "version"),
            Progress = Reading.Text(status, "progress"),
            Reason = Reading.Text(status, "reason"),
            Docs = Reading.Number(published, "docs"),
            UpdatedAt = Reading.Time(published, "at"),
            HistorySeq = Reading.Number(history, "seq"),
            HistoryPending = Reading.Number(history, "pending") ?? 0,
        };
    }

    public string DocsText() => Docs?.ToString("#,0", CultureInfo.InvariantCulture) ?? "";

    public string HistoryText() => Reading.History(HistorySeq, HistoryPending);
}
