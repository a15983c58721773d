namespace ClusterGrains.Clusters;

/// <summary>Port: Secrets, read by name, never listed or watched, never kept longer than a check.</summary>
public interface ISecretStore
{
    /// <summary>The Secret's data, decoded; null when there is no such Secret.</summary>
    /// <exception cref="DependencyException">The API server said anything else, or nothing in time.</exception>
    Task<IReadOnlyDictionary<string, byte[]>?> Read(string secretNamespace, string name, CancellationToken cancellationToken);
}
