using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Reads one Secret at a time; what it read is not kept.</summary>
internal sealed class KubernetesSecretStore(KubernetesConnection connection) : ISecretStore
{
    public async Task<IReadOnlyDictionary<string, byte[]>?> Read(
        string secretNamespace, string name, CancellationToken cancellationToken)
    {
        var target = ApiTarget.Secret(secretNamespace, name);
        var answer = await connection.Ask(new ApiRequest("get", target), cancellationToken);
        if (answer.SaysNotFound)
        {
            return null;
        }

        using var json = answer.Json();
        var data = json.RootElement.Child("data");
        if (data.ValueKind is not JsonValueKind.Object)
        {
            return new Dictionary<string, byte[]>();
        }

        return data.EnumerateObject().ToDictionary(
            entry => entry.Name,
            entry => entry.Value.ValueKind is JsonValueKind.String && entry.Value.TryGetBytesFromBase64(out var bytes)
                ? bytes
                : throw new DependencyException(
                    Dependency.KubernetesApi, $"{target} holds something that is not base64 under '{entry.Name}'."),
            StringComparer.Ordinal);
    }
}
