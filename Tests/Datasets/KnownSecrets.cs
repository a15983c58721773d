using System.Text;
using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Secrets by namespace/name.</summary>
internal sealed class KnownSecrets : ISecretStore
{
    private readonly Dictionary<string, Dictionary<string, byte[]>> _secrets = [];

    public void Add(string name, params (string Key, string Value)[] data) =>
        _secrets[name] = data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value));

    public Task<StoredSecret?> Read(string secretNamespace, string name, CancellationToken cancellationToken) => Task.FromResult(
        _secrets.TryGetValue($"{secretNamespace}/{name}", out var data) ? new StoredSecret(data) : null);
}
