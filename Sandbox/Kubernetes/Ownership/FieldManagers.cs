using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>Reads and writes <c>metadata.managedFields</c>.</summary>
internal static class FieldManagers
{
    /// <summary>Older updaters beyond this many are merged into one, as in a real server.</summary>
    private const int MaxUpdaters = 10;

    private const string MergedUpdaters = "ancient-changes";

    public static List<FieldManager> Read(JsonObject document) =>
        [.. document.Member("metadata")?.Items("managedFields")?.OfType<JsonObject>().Select(FieldManager.FromJson).OfType<FieldManager>() ?? []];

    /// <summary>
    /// Who manages what before an update: what the request itself says of it, unless it says nothing, or all that is
    /// known is reset by a single empty entry.
    /// </summary>
    public static List<FieldManager> BeforeUpdate(JsonObject? live, JsonObject updated, bool requestMaySay)
    {
        var said = updated.Member("metadata")?.Items("managedFields");
        if (requestMaySay && said is [JsonObject { Count: 0 }])
        {
            return [];
        }

        var read = requestMaySay ? Read(updated) : [];
        return read.Count > 0 || live is null ? read : Read(live);
    }

    public static void Write(JsonObject document, List<FieldManager> managers)
    {
        var metadata = document.Ensure("metadata");
        metadata.Remove("managedFields");
        if (managers.Count > 0)
        {
            metadata["managedFields"] = new JsonArray([.. Ordered(Capped(managers)).Select(m => m.ToJson())]);
        }
    }

    public static bool SameFields(List<FieldManager> left, List<FieldManager> right) =>
        left.Count == right.Count
        && left.All(one => right.Any(other => one.IsSameAs(other) && one.Fields.SetEquals(other.Fields)));

    private static IEnumerable<FieldManager> Ordered(IEnumerable<FieldManager> managers) => managers
        .OrderBy(m => m.Applies ? 0 : 1)
        .ThenBy(m => Seconds(m.Time))
        .ThenBy(m => m.Name, StringComparer.Ordinal)
        .ThenBy(m => m.ApiVersion, StringComparer.Ordinal)
        .ThenBy(m => m.Subresource, StringComparer.Ordinal);

    private static IEnumerable<FieldManager> Capped(List<FieldManager> managers)
    {
        var updaters = Ordered(managers.Where(m => !m.Applies)).ToList();
        if (updaters.Count <= MaxUpdaters)
        {
            return managers;
        }

        var oldest = updaters[..(updaters.Count - MaxUpdaters + 1)];
        var merged = oldest[^1] with
        {
            Name = MergedUpdaters,
            Subresource = "",
            Fields = oldest.Aggregate(new FieldSet(), (all, m) => all.Union(m.Fields)),
        };
        return managers.Where(m => m.Applies).Concat(updaters[oldest.Count..]).Append(merged);
    }

    private static long Seconds(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var parsed) ? parsed.ToUnixTimeSeconds() : 0;
}
