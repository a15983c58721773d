using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>A part of an ordered list, and where the next part begins.</summary>
internal sealed record FleetPage(IReadOnlyList<IndexRow> Rows, string? Continue)
{
    public static bool IsShown(IndexRow row) => row.Phase != "Retired";

    /// <param name="after">The last key of the page before; the default for none.</param>
    public static FleetPage Cut(IReadOnlyList<IndexRow> rows, string? only, ResourceKey after, int limit)
    {
        // One more than the page holds tells whether there is a next one.
        var found = rows
            .Where(row => IsShown(row) && (only is null || row.Namespace == only) && IsAfter(row, after))
            .OrderBy(row => row.Namespace, StringComparer.Ordinal)
            .ThenBy(row => row.Name, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToArray();
        return found.Length <= limit
            ? new FleetPage(found, null)
            : new FleetPage(found[..limit], Token(found[limit - 1]));
    }

    public static bool TryRead(string token, out ResourceKey after)
    {
        after = default;
        try
        {
            after = ResourceKey.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public JsonObject ToJson(DateTimeOffset now) => new()
    {
        ["items"] = new JsonArray([.. Rows.Select(row => FleetItem.From(row, now))]),
        ["continue"] = Continue,
    };

    private static string Token(IndexRow last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new ResourceKey(last.Namespace, last.Name).ToString()));

    private static bool IsAfter(IndexRow row, ResourceKey after) =>
        after == default || string.CompareOrdinal(row.Namespace, after.Namespace) is var order
            && (order > 0 || (order == 0 && string.CompareOrdinal(row.Name, after.Name) > 0));
}
