using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>One resource in the list: its identity, and the summary its state keeps in the index.</summary>
internal static class FleetItem
{
    public static bool IsShown(IndexRow row) => row.Phase != "Retired";

    /// <summary>
    /// A verdict is only as good as it is fresh. The row was written with the last run, and if no run has come since, nobody
    /// rewrote it; so the age is judged here, by the reader. Who found it Unknown has said why.
    /// </summary>
    public static JsonObject From(IndexRow row, DateTimeOffset now)
    {
        var item = row.Summary is null ? [] : JsonNode.Parse(row.Summary)!.AsObject();
        if (Time(item, "freshUntil") is { } until && until < now && Text(item, "verdict") != FleetCount.Unknown)
        {
            Outdate(item, until);
        }

        item["kind"] = row.Kind;
        item["namespace"] = row.Namespace;
        item["name"] = row.Name;
        item["uid"] = row.Uid;
        item["generation"] = row.Generation;
        item["phase"] = row.Phase;
        item["nextDue"] = row.NextDue?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        return item;
    }

    /// <summary>A member that is text; null for whatever else somebody wrote there.</summary>
    public static string? Text(JsonObject item, string member) =>
        item[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A member that is a moment; null for whatever else somebody wrote there.</summary>
    public static DateTimeOffset? Time(JsonObject item, string member) =>
        item[member] is JsonValue value && value.TryGetValue(out DateTimeOffset time) ? time : null;

    /// <summary>Nobody shall read green, or what explained another verdict, beside Unknown.</summary>
    private static void Outdate(JsonObject item, DateTimeOffset until)
    {
        item.Remove("health");
        item["verdict"] = FleetCount.Unknown;
        item["reason"] = "Stale";
        item["since"] = item["freshUntil"]!.DeepClone();
        item["message"] = string.Create(
            CultureInfo.InvariantCulture,
            $"Nothing fresh is known since {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, and nobody has tried: its turn is late.");
    }
}
