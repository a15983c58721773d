using System.Collections.Concurrent;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Tests.Tidy;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>What <c>kubectl apply -k</c> would apply for one of the folders of <c>k8s</c>.</summary>
internal sealed class Installation
{
    private static readonly ConcurrentDictionary<string, string> Rendered = new();

    /// <summary>What the silo reads beside its settings.</summary>
    private static readonly string[] HostSections = ["Logging"];

    private Installation(IReadOnlyList<object> objects) => Objects = objects;

    public IReadOnlyList<object> Objects { get; }

    /// <summary>Of the one workload.</summary>
    public V1PodTemplateSpec Pod => Objects.OfType<V1Deployment>().Select(found => found.Spec.Template)
        .Concat(Objects.OfType<V1StatefulSet>().Select(found => found.Spec.Template))
        .Concat(Objects.OfType<V1Job>().Select(found => found.Spec.Template)).Single();

    public V1Container Silo => Pod.Spec.Containers.Single();

    /// <summary>Everything the silo is told by its environment that does not come from the pod itself.</summary>
    public IEnumerable<(string Name, string? Value)> Environment =>
        (Silo.Env ?? []).Where(one => one.ValueFrom?.FieldRef is null).Select(one => (one.Name, (string?)one.Value))
        .Concat(
            from source in Silo.EnvFrom ?? []
            where source.ConfigMapRef is not null
            from pair in Objects.OfType<V1ConfigMap>().Single(map => map.Name() == source.ConfigMapRef.Name).Data
            select (pair.Key, (string?)pair.Value));

    /// <summary>Those of <see cref="Environment"/> that are settings, by their names; the value is null when a Secret has it.</summary>
    public IEnumerable<(string Name, string? Value)> Settings =>
        from one in Environment
        where one.Name.Contains("__", StringComparison.Ordinal)
        let name = one.Name.Replace("__", ":", StringComparison.Ordinal)
        where !HostSections.Contains(name.Split(':')[0])
        select (name, one.Value);

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

    /// <summary>The settings as a silo's command line, with files of a test for those of Secrets.</summary>
    public string[] CommandLine(TlsFolder tls)
    {
        var files = new Dictionary<string, string>
        {
            ["Http:Tls:CertificatePath"] = tls.Files.CertificatePath,
            ["Http:Tls:KeyPath"] = tls.Files.KeyPath,
            ["Orleans:Tls:AuthorityPath"] = tls.Authority,
            ["Orleans:Tls:CertificatePath"] = tls.Files.CertificatePath,
            ["Orleans:Tls:KeyPath"] = tls.Files.KeyPath,
        };
        return [.. Settings.Select(one => $"--{one.Name}={files.GetValueOrDefault(one.Name, one.Value ?? "mongodb://mongodb.invalid")}")];
    }

    public int Port(IntOrString port) => Silo.Ports.Single(open => open.Name == port.Value).ContainerPort;
}
