using System.Text.Json;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Clusters;

/// <summary>Reads one Secret at a time; what it read is not kept.</summary>
internal sealed class KubernetesSecretStore(KubernetesConnection connection, IOptions<SecretOptions> options) : ISecretStore
{
    public async Task<StoredSecret?> Read(string secretNamespace, string name, CancellationToken cancellationToken)
    {
        var target = ApiTarget.Secret(secretNamespace, name);
        var answer = await connection.Ask(new ApiRequest("get", target), cancellationToken);
        if (answer.SaysNotFound)
        {
            return null;
        }

        using var json = answer.Json();
        var label = json.RootElement.Child("metadata").Child("labels").Text(StoredSecret.AllowLabel);
        return options.Value.RequireLabel && label != "true"
            ? new StoredSecret(new Dictionary<string, byte[]>()) { IsWithheld = true }
            : new StoredSecret(Decoded(target, json.RootElement.Child("data")));
    }

    private static Dictionary<string, byte[]> Decoded(ApiTarget target, JsonElement data) => data.ValueKind is not JsonValueKind.Object
        ? []
        : data.EnumerateObject().ToDictionary(
            entry => entry.Name,
            entry => entry.Value.ValueKind is JsonValueKind.String && entry.Value.TryGetBytesFromBase64(out var bytes)
                ? bytes
                : throw new DependencyException(
                    Dependency.KubernetesApi, $"{target} holds something that is not base64 under '{entry.Name}'."),
            StringComparer.Ordinal);
}
