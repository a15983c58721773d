namespace ClusterGrains.Resources;

/// <summary>Consistent reads: without <c>resourceVersion</c> the API server answers from etcd's present.</summary>
internal sealed class KubernetesResourceApi(KubernetesConnection connection) : IResourceApi
{
    public async Task<Manifest?> Get(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken)
    {
        var target = ApiTarget.Object(kind, key);
        var answer = await connection.Ask(new ApiRequest("get", target), cancellationToken);
        if (answer.SaysNotFound)
        {
            return null;
        }

        using var json = answer.Json();
        return ManifestJson.Read(json.RootElement, out var problem)
            ?? throw new DependencyException(Dependency.KubernetesApi, $"{target} cannot be read: {problem}.");
    }
}
