using System.Globalization;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Tidy;

namespace ClusterGrains.Tests.Manifests;

/// <summary>A folder with <c>k8s</c> in it and, beside that, overlays of somebody's own.</summary>
internal sealed class OwnOverlays : IDisposable
{
    private readonly TestFolder _folder = new();
    private int _count;

    public OwnOverlays() => Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "k8s"), Path.Combine(House.Root, "k8s"));

    /// <param name="folder">For example <c>my/silos</c>.</param>
    /// <param name="kustomization">Its <c>kustomization.yaml</c>.</param>
    public void Add(string folder, string kustomization)
    {
        var path = Path.Combine(_folder.Path, folder);
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "kustomization.yaml"), kustomization);
    }

    /// <summary>A file that an overlay names.</summary>
    public void AddFile(string path, string text) => File.WriteAllText(Path.Combine(_folder.Path, path), text);

    /// <param name="folder">For example <c>my/silos</c>.</param>
    public Task<Installation> Render(string folder) => Installation.Render(Path.Combine(_folder.Path, folder));

    /// <summary>An overlay that adds nothing of its own.</summary>
    /// <param name="overlay">For example <c>k8s/overlays/ha</c>.</param>
    /// <param name="components">For example <c>k8s/components/access</c>.</param>
    public Task<Installation> Render(string overlay, params string[] components)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"overlay-{++_count}");
        Add(
            folder,
            $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: clustergrains
            resources: [../{overlay}]
            components: [{string.Join(", ", components.Select(component => $"../{component}"))}]
            """);
        return Render(folder);
    }

    public void Dispose() => _folder.Dispose();
}
