using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>What a resource URL points at.</summary>
/// <param name="Namespace">Empty for cluster-scoped kinds and for lists over all namespaces.</param>
/// <param name="Name">Empty for a collection.</param>
/// <param name="Subresource">Empty or <c>status</c>.</param>
internal sealed record ResourceTarget(ResourceDefinition Definition, string Namespace, string Name, string Subresource)
{
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Null when no kind is served there, which a real server answers with a plain 404.</summary>
    public static ResourceTarget? Parse(string path, ResourceCatalog catalog)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var version, .. var rest] => Parse("", version, rest, catalog),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest, catalog),
            _ => null,
        };
    }

    private static ResourceTarget? Parse(string group, string version, string[] rest, ResourceCatalog catalog)
    {
        if (rest is ["namespaces", var space, var plural, .. var below] && plural is not ("status" or "finalize"))
        {
            return catalog.Find(group, version, plural) is { Namespaced: true } definition
                ? At(definition, space, below)
                : null;
        }

        return rest is [var name, .. var under] && catalog.Find(group, version, name) is { } found
            && (!found.Namespaced || under.Length == 0)
            ? At(found, "", under)
            : null;
    }

    private static ResourceTarget? At(ResourceDefinition definition, string space, string[] below) => below switch
    {
        [] => new(definition, space, "", ""),
        [var name] => new(definition, space, name, ""),
        [var name, "status"] when definition.HasStatus => new(definition, space, name, "status"),
        _ => null,
    };
}
