using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>A create, replace or patch takes ownership of every field it changes; nobody is asked.</summary>
internal static class OwnershipByUpdate
{
    private static readonly FieldSet OfNobody = FieldSet.FromJson(CanonicalJson.ParseObject("""
        {"f:apiVersion":{},"f:kind":{},"f:metadata":{".":{},"f:creationTimestamp":{},"f:generation":{},"f:managedFields":{},
         "f:name":{},"f:namespace":{},"f:resourceVersion":{},"f:selfLink":{},"f:uid":{}}}
        """u8));

    public static FieldSet Ownable(FieldSet fields) => fields.Difference(OfNobody);

    /// <summary>Writes <c>metadata.managedFields</c> of <paramref name="updated"/>.</summary>
    public static void Record(JsonObject? live, JsonObject updated, ManagedWrite write)
    {
        var managers = FieldManagers.BeforeUpdate(live, updated, requestMaySay: write.Subresource.Length == 0);
        var comparison = FieldComparison.Between(WithoutManagers(live), WithoutManagers(updated)!, write.Definition.Schema);
        var changed = comparison.Added.Union(comparison.Modified);
        var kept = Reduced(managers, _ => changed.Union(comparison.Removed));
        if (Ownable(changed) is { IsEmpty: false } owned)
        {
            var mine = write.Fields(applies: false, owned, write.Time);
            var before = kept.Find(m => m.IsSameAs(mine));
            kept.RemoveAll(m => m.IsSameAs(mine));
            kept.Add(before is null ? mine : mine with { Fields = owned.Union(before.Fields) });
        }

        FieldManagers.Write(updated, kept);
    }

    /// <summary>Managers with some fields taken away; who has none left is no manager.</summary>
    public static List<FieldManager> Reduced(IEnumerable<FieldManager> managers, Func<FieldManager, FieldSet> lost) =>
        [.. managers.Select(m => m with { Fields = m.Fields.Difference(lost(m)) }).Where(m => !m.Fields.IsEmpty)];

    public static JsonObject? WithoutManagers(JsonObject? document)
    {
        var copy = document?.Clone();
        copy?.Member("metadata")?.Remove("managedFields");
        return copy;
    }
}
