using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>Something that the API server is asked whether a caller may do it.</summary>
/// <param name="Verb">As RBAC calls it.</param>
/// <param name="Resource">The plural of one of our kinds; empty when there is a <paramref name="Path"/>.</param>
/// <param name="Namespace">Empty for the whole cluster.</param>
/// <param name="Path">Of what is no resource, as in <c>nonResourceURLs</c>.</param>
internal sealed record Permission(string Verb, string Resource, string Namespace, string Path = "")
{
    public static Permission Read(ResourceKind kind, string @namespace) => new("get", kind.Plural, @namespace);

    public static Permission List(ResourceKind kind, string @namespace) => new("list", kind.Plural, @namespace);

    public static Permission Get(string path) => new("get", "", "", path);

    /// <summary>As the <c>spec</c> of a review names it.</summary>
    public KeyValuePair<string, JsonNode?> Attributes => Path.Length > 0
        ? new("nonResourceAttributes", new JsonObject { ["verb"] = Verb, ["path"] = Path })
        : new("resourceAttributes", new JsonObject
        {
            ["verb"] = Verb,
            ["group"] = ResourceKind.Group,
            ["version"] = ResourceKind.Version,
            ["resource"] = Resource,
            ["namespace"] = Namespace,
        });
}
