namespace ClusterGrains.Clusters;

/// <summary>Port: Secrets, read by name, never listed or watched, never kept longer than a check.</summary>
public interface ISecretStore
{
    /// <summary>The Secret; null when there is no such one.</summary>
    /// <exception cref="DependencyException">The API server said anything else, or nothing in time.</exception>
    Task<StoredSecret?> Read(string secretNamespace, string name, CancellationToken cancellationToken);
}
