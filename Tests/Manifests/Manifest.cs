using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Tests.Tidy;
using k8s;

namespace ClusterGrains.Tests.Manifests;

/// <summary>The files below <c>k8s</c>, read as strictly as an API server reads them.</summary>
internal static class Manifest
{
    private static readonly Dictionary<string, Type> OtherKinds = new()
    {
        ["kustomize.config.k8s.io/v1beta1/Kustomization"] = typeof(Kustomization),
        ["kustomize.config.k8s.io/v1alpha1/Component"] = typeof(Kustomization),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
    };

    /// <summary>Every file, as a path from the root of the repository.</summary>
    public static IEnumerable<string> Files => House.Files.Where(path => path.StartsWith("k8s/", StringComparison.Ordinal)
        && (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith("/Kustomization", StringComparison.Ordinal)));

    /// <summary>The objects of a text. Throws for a kind or a field that does not exist, and for a value of another type.</summary>
    public static IReadOnlyList<object> Decode(string yaml)
    {
        var objects = KubernetesYaml.LoadAllFromString(yaml, OtherKinds, strict: true);
        Assert.Equal(Yaml.Documents(yaml).Count(), objects.Count);
        return objects;
    }

    /// <summary>The objects of a file.</summary>
    public static IReadOnlyList<object> Read(string path) => Decode(House.Read(path));
}
