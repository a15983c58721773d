using System.Text.Json;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>
/// What is said of a resource at a moment. A verdict is only as good as it is fresh. The row was written with the last run, and
/// if no run has come since, nobody rewrote it; so its age is judged here, by the reader.
/// </summary>
/// <param name="Verdict">Of a dataset its phase; null when nothing was ever said, or nothing that can be read.</param>
/// <param name="Reason">A code of the findings, or <c>Stale</c>.</param>
internal readonly record struct FleetVerdict(string? Verdict, string? Reason)
{
    /// <summary>Of whatever was said and is not fresh any more.</summary>
    public static readonly FleetVerdict Stale = new(FleetCount.Unknown, "Stale");

    /// <summary>Called for thousands of rows of which a few are shown: the summary is looked into and not copied.</summary>
    public static FleetVerdict Of(IndexRow row, DateTimeOffset now)
    {
        if (row.Summary is null)
        {
            return default;
        }

        using var summary = JsonDocument.Parse(row.Summary);
        return FreshUntil(summary.RootElement) < now
            ? Stale
            : new FleetVerdict(Text(summary.RootElement, "verdict"), Text(summary.RootElement, "reason"));
    }

    private static string? Text(JsonElement summary, string member) =>
        summary.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? FreshUntil(JsonElement summary) =>
        summary.TryGetProperty("freshUntil", out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var until)
            ? until
            : null;
}
