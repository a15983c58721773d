using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Requests;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>
/// Server-side apply: the applier owns exactly the fields it sends; changing another manager's field is a conflict
/// unless forced; fields it no longer sends go, if nobody else owns them.
/// </summary>
internal static class ServerSideApply
{
    /// <exception cref="StatusException">409 with one cause per field another manager owns.</exception>
    public static JsonObject Apply(JsonObject? live, JsonObject configuration, ManagedWrite write, bool force)
    {
        var managers = live is null ? [] : FieldManagers.Read(live);
        var before = OwnershipByUpdate.WithoutManagers(live) ?? [];
        var config = InScope(configuration, write);
        var mine = write.Fields(applies: true, FieldsApplied(config, write), write.Time);
        var previous = managers.Find(m => m.IsSameAs(mine));
        var others = managers.Where(m => !m.IsSameAs(mine)).ToList();

        var schema = write.Definition.Schema;
        var merged = Merging.Merge(before, config, schema);
        if (previous is not null)
        {
            var owned = others.Aggregate(mine.Fields, (all, m) => all.Union(m.Fields));
            Merging.Remove(merged, NoLongerOwned(previous.Fields, owned, schema), schema);
        }

        var comparison = FieldComparison.Between(before, merged, schema);
        var changed = comparison.Added.Union(comparison.Modified);
        var conflicts = ApplyConflicts.Find(others, changed);
        if (!force && !LastApplied.Excuses(conflicts, before, write))
        {
            conflicts.ThrowIfAny();
        }

        var kept = OwnershipByUpdate.Reduced(others, m => changed.Intersection(m.Fields).Union(comparison.Removed));
        if (!mine.Fields.IsEmpty)
        {
            // An apply that changes nothing does not move the time.
            kept.Add(comparison.IsSame ? mine with { Time = previous?.Time } : mine);
        }

        LastApplied.Follow(merged, config, write);
        FieldManagers.Write(merged, kept);
        return merged;
    }

    private static FieldSet FieldsApplied(JsonObject config, ManagedWrite write) =>
        OwnershipByUpdate.Ownable(FieldsOf.Configuration(config, write.Definition.Schema));

    /// <summary>Of the status subresource only the status is applied; of the object everything but the status.</summary>
    private static JsonObject InScope(JsonObject configuration, ManagedWrite write)
    {
        var config = configuration.Clone();
        if (write.Subresource.Length > 0)
        {
            foreach (var name in config.Select(m => m.Key).Where(n => n is not ("apiVersion" or "kind" or "status")).ToArray())
            {
                config.Remove(name);
            }
        }
        else if (write.Definition.HasStatus)
        {
            config.Remove("status");
        }

        return config;
    }

    private static FieldSet NoLongerOwned(FieldSet before, FieldSet owned, Schema schema) =>
        WithStructs(before, schema).Difference(WithStructs(owned, schema));

    /// <summary>A declared member counts as owned when anything below it is.</summary>
    private static FieldSet WithStructs(FieldSet fields, Schema schema)
    {
        var named = new FieldSet();
        AddStructs(fields, schema, [], named);
        return fields.Union(named);
    }

    private static void AddStructs(FieldSet fields, Schema schema, string[] path, FieldSet named)
    {
        foreach (var (element, below) in fields.Children)
        {
            string[] at = [.. path, element];
            if (element[0] == 'f' && schema.Properties.ContainsKey(element[2..]) && element is not "f:metadata")
            {
                named.Add(at);
            }

            AddStructs(below, FieldPath.Below(schema, element), at, named);
        }
    }
}
