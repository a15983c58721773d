using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>
/// How an object moves from client-side to server-side apply: what kubectl's annotation says it applied last, it may
/// change without a conflict, and the annotation follows.
/// </summary>
internal static class LastApplied
{
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Only kubectl's own default manager is treated so.</summary>
    private const string Kubectl = "kubectl";

    public static bool Excuses(ApplyConflicts conflicts, JsonObject live, ManagedWrite write)
    {
        if (write.Manager != Kubectl || Read(live) is not { } text || Parse(text) is not { } applied)
        {
            return false;
        }

        var schema = write.Definition.Schema;
        var comparison = FieldComparison.Between(applied, live, schema);
        var unchanged = FieldsOf.Configuration(applied, schema)
            .Difference(comparison.Modified).Difference(comparison.Added).Difference(comparison.Removed);
        return conflicts.Fields.Difference(unchanged).IsEmpty;
    }

    public static void Follow(JsonObject merged, JsonObject config, ManagedWrite write)
    {
        if (write.Manager == Kubectl && write.Subresource.Length == 0 && Read(merged) is not null)
        {
            var applied = config.Clone();
            applied.Member("metadata")?.Member("annotations")?.Remove(Annotation);
            merged.Ensure("metadata").Ensure("annotations")[Annotation] = CanonicalJson.Text(applied) + "\n";
        }
    }

    private static string? Read(JsonObject document) =>
        document.Member("metadata")?.Member("annotations")?.Text(Annotation);

    private static JsonObject? Parse(string text)
    {
        try
        {
            return CanonicalJson.Parse(Encoding.UTF8.GetBytes(text)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
