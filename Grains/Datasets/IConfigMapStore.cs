namespace ClusterGrains.Datasets;

/// <summary>Port: ConfigMaps, read by name, never listed or watched.</summary>
public interface IConfigMapStore
{
    /// <summary>The ConfigMap's texts; null when there is no such ConfigMap.</summary>
    /// <exception cref="DependencyException">The API server said anything else, or nothing in time.</exception>
    Task<IReadOnlyDictionary<string, string>?> Read(string configMapNamespace, string name, CancellationToken cancellationToken);
}
