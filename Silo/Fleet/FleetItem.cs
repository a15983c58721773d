using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>One resource in the list: its identity, and the summary its state keeps in the index.</summary>
internal static class FleetItem
{
    public static bool IsShown(IndexRow row) => row.Phase != "Retired";

    public static JsonObject From(IndexRow row, DateTimeOffset now) => From(row, FleetVerdict.Of(row, now));

    /// <param name="verdict">What is said of it now.</param>
    public static JsonObject From(IndexRow row, FleetVerdict verdict)
    {
        var item = row.Summary is null ? [] : JsonNode.Parse(row.Summary)!.AsObject();
        if (verdict == FleetVerdict.Stale)
        {
            item["verdict"] = verdict.Verdict;
            item["reason"] = verdict.Reason;
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
}
