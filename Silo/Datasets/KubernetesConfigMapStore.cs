using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Reads one ConfigMap at a time; what it read is not kept.</summary>
internal sealed class KubernetesConfigMapStore(KubernetesConnection connection) : IConfigMapStore
{
    public async Task<IReadOnlyDictionary<string, string>?> Read(
        string configMapNamespace, string name, CancellationToken cancellationToken)
    {
        var answer = await connection.Ask(new ApiRequest("get", ApiTarget.ConfigMap(configMapNamespace, name)), cancellationToken);
        if (answer.SaysNotFound)
        {
            return null;
        }

        using var json = answer.Json();
        var data = json.RootElement.Child("data");
        return data.ValueKind is JsonValueKind.Object
            ? data.EnumerateObject()
                .Where(entry => entry.Value.ValueKind is JsonValueKind.String)
                .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>();
    }
}
