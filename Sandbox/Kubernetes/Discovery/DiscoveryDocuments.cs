using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Discovery;

/// <summary>What kinds there are, in the form every client since 1.0 reads.</summary>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    private static readonly JsonObject Version = CanonicalJson.ParseObject("""
        {"major":"1","minor":"32","gitVersion":"v1.32.0-sandbox","gitCommit":"","gitTreeState":"clean",
         "buildDate":"2024-12-11T17:59:15Z","goVersion":"none","compiler":"none","platform":"dotnet"}
        """u8);

    /// <summary>Null for paths that are no discovery document.</summary>
    public JsonNode? Find(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["version"] => Version.DeepClone(),
        ["api"] => Versions(),
        ["apis"] => Groups(),
        ["apis", var group] => Group(group),
        ["api", var version] => Resources("", version),
        ["apis", var group, var version] => Resources(group, version),
        _ => null,
    };

    private static JsonObject Versions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    private JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.All.Select(d => d.Group).Where(g => g.Length > 0).Distinct().Select(Entry)]),
    };

    private JsonObject? Group(string group)
    {
        if (catalog.All.All(d => d.Group != group))
        {
            return null;
        }

        var entry = Entry(group);
        entry["kind"] = "APIGroup";
        entry["apiVersion"] = "v1";
        return entry;
    }

    private JsonObject Entry(string group)
    {
        var versions = catalog.All.Where(d => d.Group == group).Select(d => d.Version).Distinct().Select(v => new JsonObject
        {
            ["groupVersion"] = $"{group}/{v}",
            ["version"] = v,
        }).ToList();
        return new JsonObject
        {
            ["name"] = group,
            ["preferredVersion"] = versions[0].DeepClone(),
            ["versions"] = new JsonArray([.. versions]),
        };
    }

    private JsonObject? Resources(string group, string version)
    {
        var definitions = catalog.All.Where(d => d.Group == group && d.Version == version).ToList();
        return definitions.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = definitions[0].ApiVersion,
            ["resources"] = new JsonArray([.. definitions.SelectMany(Entries)]),
        };
    }

    private static IEnumerable<JsonObject> Entries(ResourceDefinition definition)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{definition.QualifiedPlural}/{definition.Kind}"));
        var entry = new JsonObject
        {
            ["name"] = definition.Plural,
            ["singularName"] = definition.Singular,
            ["namespaced"] = definition.Namespaced,
            ["kind"] = definition.Kind,
            ["verbs"] = Array(definition.Verbs),
            ["storageVersionHash"] = Convert.ToBase64String(hash.AsSpan(0, 8)),
        };
        if (!definition.ShortNames.IsEmpty)
        {
            entry["shortNames"] = Array(definition.ShortNames);
        }

        if (!definition.Categories.IsEmpty)
        {
            entry["categories"] = Array(definition.Categories);
        }

        yield return entry;
        if (definition.HasStatus)
        {
            yield return new JsonObject
            {
                ["name"] = definition.Plural + "/status",
                ["singularName"] = "",
                ["namespaced"] = definition.Namespaced,
                ["kind"] = definition.Kind,
                ["verbs"] = new JsonArray("get", "patch", "update"),
            };
        }
    }

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
