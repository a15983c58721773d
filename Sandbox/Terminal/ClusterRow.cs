using System.Globalization;
using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>What the terminal shows of one SearchCluster. Every text is short and has no escapes or breaks.</summary>
internal sealed record ClusterRow
{
    private const int LongestName = 64;
    private const int LongestValue = 40;

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

    /// <summary>Reads an object as the API server shows it; what is not there or of another type stays empty.</summary>
    public static ClusterRow Read(JsonElement resource)
    {
        var metadata = Child(resource, "metadata");
        var status = Child(resource, "status");
        var history = Child(status, "history");
        var home = Text(metadata, "namespace", LongestName);
        var name = Text(metadata, "name", LongestName);
        return new ClusterRow
        {
            Name = home is "" or "default" ? name : $"{home}/{name}",
            Verdict = Text(status, "verdict", LongestValue),
            Reason = Text(status, "reason", LongestValue),
            Health = Text(status, "health", LongestValue),
            Version = Text(status, "version", LongestValue),
            DiskPercent = Number(status, "diskPercent"),
            CheckedAt = Time(Child(status, "lastRun"), "finishedAt"),
            HistorySeq = Number(history, "seq"),
            HistoryPending = Number(history, "pending") ?? 0,
        };
    }

    /// <summary>How the history stands, for example <c>42</c> or <c>42, 3 waiting</c>.</summary>
    public string HistoryText() => (HistorySeq, HistoryPending) switch
    {
        (null, _) => "",
        (var seq, 0) => string.Create(CultureInfo.InvariantCulture, $"{seq}"),
        var (seq, pending) => string.Create(CultureInfo.InvariantCulture, $"{seq}, {pending} waiting"),
    };

    /// <summary>How long ago it was checked, for example <c>12s</c>; empty before the first time.</summary>
    public string CheckedAgo(DateTimeOffset now)
    {
        if (CheckedAt is not { } at)
        {
            return "";
        }

        var ago = now - at;
        return ago switch
        {
            _ when ago < TimeSpan.FromSeconds(1) => "now",
            _ when ago < TimeSpan.FromMinutes(2) => $"{(int)ago.TotalSeconds}s",
            _ when ago < TimeSpan.FromHours(2) => $"{(int)ago.TotalMinutes}m",
            _ when ago < TimeSpan.FromDays(2) => $"{(int)ago.TotalHours}h",
            _ => $"{(int)ago.TotalDays}d",
        };
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string Text(JsonElement parent, string name, int maxLength) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text
            ? SafeText.Clean(text.GetString(), maxLength)
            : "";

    private static long? Number(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : null;

    private static DateTimeOffset? Time(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var value)
            ? value
            : null;
}
