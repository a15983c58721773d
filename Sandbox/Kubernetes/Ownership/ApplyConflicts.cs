using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Requests;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>The fields of others that an apply would change.</summary>
internal sealed class ApplyConflicts(ImmutableArray<(FieldManager Manager, FieldSet Fields)> conflicts)
{
    public FieldSet Fields => conflicts.Aggregate(new FieldSet(), (all, conflict) => all.Union(conflict.Fields));

    public static ApplyConflicts Find(IEnumerable<FieldManager> others, FieldSet changed) => new(
    [
        .. others.Select(m => (Manager: m, Fields: m.Fields.Intersection(changed)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .OrderBy(conflict => conflict.Manager.Show(), StringComparer.Ordinal),
    ]);

    public void ThrowIfAny()
    {
        var found = conflicts
            .SelectMany(c => c.Fields.Paths().Select(path => (Manager: c.Manager.Show(), Path: FieldPath.Show(path))))
            .ToList();
        if (found.Count > 0)
        {
            throw new StatusException(ApiStatus.ApplyConflict(Message(found), found.Select(Cause)));
        }
    }

    private static JsonObject Cause((string Manager, string Path) conflict) => new()
    {
        ["reason"] = "FieldManagerConflict",
        ["message"] = $"conflict with {conflict.Manager}",
        ["field"] = conflict.Path,
    };

    private static string Message(List<(string Manager, string Path)> found)
    {
        if (found is [var only])
        {
            return $"Apply failed with 1 conflict: conflict with {only.Manager}: {only.Path}";
        }

        var groups = found.GroupBy(c => c.Manager, c => c.Path)
            .Select(g => $"conflicts with {g.Key}:\n- {string.Join("\n- ", g)}");
        return $"Apply failed with {found.Count} conflicts: {string.Join("\n", groups)}";
    }
}
