using ClusterGrains.Clusters;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>The pretend cluster lets everybody in.</summary>
internal sealed class NoSecrets : ISecretStore
{
    public Task<StoredSecret?> Read(string secretNamespace, string name, CancellationToken cancellationToken) =>
        Task.FromResult<StoredSecret?>(null);
}
