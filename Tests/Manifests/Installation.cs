using System.Collections.Concurrent;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Tests.Tidy;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>What <c>kubectl apply -k</c> would apply for one of the folders of <c>k8s</c>.</summary>
internal sealed class Installation
{
    private static readonly ConcurrentDictionary<string, string> Rendered = new();

    private Installation(IReadOnlyList<object> objects) => Objects = objects;

    public IReadOnlyList<object> Objects { get; }

    /// <summary>Of the one workload.</summary>
    public V1PodTemplateSpec Pod => Objects.OfType<V1Deployment>().Select(found => found.Spec.Template)
        .Concat(Objects.OfType<V1StatefulSet>().Select(found => found.Spec.Template)).Single();

    public V1Container Silo => Pod.Spec.Containers.Single();

    /// <summary>Everything the silo is told by its environment that does not come from the pod itself.</summary>
    public IEnumerable<(string Name, string? Value)> Environment =>
        (Silo.Env ?? []).Where(one => one.ValueFrom?.FieldRef is null).Select(one => (one.Name, (string?)one.Value))
        .Concat(
            from source in Silo.EnvFrom ?? []
            where source.ConfigMapRef is not null
            from pair in Objects.OfType<V1ConfigMap>().Single(map => map.Name() == source.ConfigMapRef.Name).Data
            select (pair.Key, (string?)pair.Value));

    /// <param name="folder">For example <c>k8s/overlays/ha</c>.</param>
    public static async Task<Installation> Render(string folder) => new(Manifest.Decode(await Yaml(folder)));

    /// <summary>The same as text.</summary>
    public static async Task<string> Yaml(string folder)
    {
        if (!Rendered.TryGetValue(folder, out var yaml))
        {
            using var kubectl = new Kubectl("");
            yaml = await kubectl.Run("kustomize", Path.Combine(House.Root, folder));
            Rendered[folder] = yaml;
        }

        return yaml;
    }

    public int Port(IntOrString port) => Silo.Ports.Single(open => open.Name == port.Value).ContainerPort;
}
