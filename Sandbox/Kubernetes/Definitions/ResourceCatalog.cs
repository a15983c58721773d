using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Definitions;

/// <summary>The kinds served: the built-in ones and those of the given CRDs, fixed for the life of the server.</summary>
internal sealed class ResourceCatalog
{
    private const string BuiltInResource = "kubernetes/builtin.yaml";

    private readonly Dictionary<(string Group, string Version, string Plural), ResourceDefinition> _byPath;

    public ResourceCatalog(IEnumerable<JsonObject> crds)
    {
        CustomResourceDefinitions = [.. crds];
        var builtIn = Yaml.Documents(Embedded(BuiltInResource)).Select(d => DefinitionReader.Read(d, isCustom: false));
        var custom = CustomResourceDefinitions.Select(d => DefinitionReader.Read(d, isCustom: true));
        All = [.. builtIn, .. custom];
        _byPath = All.ToDictionary(d => (d.Group, d.Version, d.Plural));
    }

    public ImmutableArray<ResourceDefinition> All { get; }

    /// <summary>The CRDs as given, to be read back as objects.</summary>
    public ImmutableArray<JsonObject> CustomResourceDefinitions { get; }

    public ResourceDefinition Namespaces => _byPath[("", "v1", "namespaces")];

    public ResourceDefinition Crds => _byPath[("apiextensions.k8s.io", "v1", "customresourcedefinitions")];

    public ResourceDefinition? Find(string group, string version, string plural) =>
        _byPath.GetValueOrDefault((group, version, plural));

    public ResourceDefinition? FindKind(string apiVersion, string kind) =>
        All.FirstOrDefault(d => d.ApiVersion == apiVersion && d.Kind == kind);

    /// <summary>The CRDs this program ships, from <c>k8s/crds</c>.</summary>
    public static IEnumerable<JsonObject> EmbeddedCrds() =>
        typeof(ResourceCatalog).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("crds/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => Yaml.Documents(Embedded(name)));

    private static string Embedded(string name)
    {
        using var stream = typeof(ResourceCatalog).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not part of this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
