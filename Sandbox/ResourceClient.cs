using System.Net;
using System.Text.Json;
using ClusterGrains.Resources;
using k8s;
using k8s.Autorest;

namespace ClusterGrains.Sandbox;

/// <summary>The resources in the sandbox's API server, reached with the kubeconfig like anybody.</summary>
internal sealed class ResourceClient : IDisposable
{
    public const string SearchClusters = "searchclusters";
    public const string SearchDatasets = "searchdatasets";

    private const string Namespace = "default";

    private readonly k8s.Kubernetes _client;

    public ResourceClient(string kubeconfig)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.HttpClientTimeout = TimeSpan.FromSeconds(10);
        _client = new k8s.Kubernetes(configuration);
    }

    /// <summary>Creates a resource; one that is there already is left as it is.</summary>
    public async Task Create(string plural, object resource, CancellationToken cancellationToken)
    {
        try
        {
            await _client.CustomObjects.CreateNamespacedCustomObjectAsync(
                resource,
                ResourceKind.Group,
                ResourceKind.Version,
                Namespace,
                plural,
                cancellationToken: cancellationToken);
        }
        catch (HttpOperationException failure) when (failure.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // Created by a run that ended before it could remember it.
        }
    }

    /// <summary>All of them, in every namespace; null when the API server does not answer as it should.</summary>
    public async Task<IReadOnlyList<JsonElement>?> List(string plural, CancellationToken cancellationToken)
    {
        try
        {
            var list = (JsonElement)await _client.CustomObjects.ListClusterCustomObjectAsync(
                ResourceKind.Group, ResourceKind.Version, plural, cancellationToken: cancellationToken);
            return [.. list.GetProperty("items").EnumerateArray()];
        }
        catch (Exception failure) when (failure is HttpOperationException or HttpRequestException or JsonException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
