using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>A resource that needs somebody.</summary>
/// <param name="Verdict">Of a dataset its phase.</param>
/// <param name="Reason">A code of docs/findings.md, <c>Stale</c> or <c>NeverJudged</c>.</param>
/// <param name="Urgency">Who has less comes first.</param>
/// <param name="Since">When what the reason names began.</param>
internal sealed record FleetTrouble(
    string Kind, string Namespace, string Name, string Verdict, string Reason, int Urgency, DateTimeOffset Since)
{
    public static FleetTrouble Of(ResourceKind kind, IndexRow row, JsonObject item, string verdict, string reason, DateTimeOffset now) =>
        new(row.Kind, row.Namespace, row.Name, verdict, reason, kind.Urgency(verdict, reason), Began(row, item, verdict) ?? now);

    /// <summary>Nobody ever knew more of a resource that is Unknown and says nothing of it.</summary>
    private static DateTimeOffset? Began(IndexRow row, JsonObject item, string verdict) => verdict == FleetCount.Unknown
        ? FleetItem.Time(item, "freshUntil") ?? FleetItem.Time(item, "since") ?? row.CreatedAt
        : FleetItem.Time(item, "since");
}
