using ClusterGrains.Tests.Tidy;

namespace ClusterGrains.Tests.Manifests;

/// <summary>What an overlay tells the silo, read from the kustomizations themselves: also where there is no kubectl.</summary>
internal static class OverlaySettings
{
    /// <summary>By the names of the environment's variables.</summary>
    /// <param name="folder">For example <c>k8s/overlays/ha</c>.</param>
    public static IReadOnlyDictionary<string, string> Of(string folder)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(folder, settings);
        return settings;
    }

    private static void Collect(string folder, SortedDictionary<string, string> settings)
    {
        var here = Manifest.Decode(House.Read($"{folder}/kustomization.yaml")).OfType<Kustomization>().Single();
        foreach (var below in here.Resources.Concat(here.Components).Select(path => Path.GetRelativePath(House.Root, Path.GetFullPath(path, Path.Combine(House.Root, folder)))))
        {
            if (File.Exists(Path.Combine(House.Root, below, "kustomization.yaml")))
            {
                Collect(below, settings);
            }
        }

        foreach (var literal in here.ConfigMapGenerator.SelectMany(map => map.Literals))
        {
            var at = literal.IndexOf('=', StringComparison.Ordinal);
            settings[literal[..at]] = literal[(at + 1)..];
        }
    }
}
