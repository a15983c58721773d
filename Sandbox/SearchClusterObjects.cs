using System.Net;
using System.Text.Json;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using k8s;
using k8s.Autorest;

namespace ClusterGrains.Sandbox;

/// <summary>The SearchClusters in the sandbox's API server, reached with the kubeconfig like anybody.</summary>
internal sealed class SearchClusterObjects : IDisposable
{
    private const string Namespace = "default";
    private const string Plural = "searchclusters";

    private readonly k8s.Kubernetes _client;

    public SearchClusterObjects(string kubeconfig)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.HttpClientTimeout = TimeSpan.FromSeconds(10);
        _client = new k8s.Kubernetes(configuration);
    }

    /// <summary>Creates the SearchCluster of a pretend cluster; one that is there already is left as it is.</summary>
    public async Task Create(PretendCluster cluster, TimeSpan interval, CancellationToken cancellationToken)
    {
        var resource = new
        {
            apiVersion = ResourceKind.ApiVersion,
            kind = "SearchCluster",
            metadata = new { name = cluster.Name, labels = new { engine = cluster.Engine.Name } },
            spec = new
            {
                endpoints = new[] { cluster.Url.GetLeftPart(UriPartial.Authority) },
                schedule = new { interval = Durations.Format(interval) },
            },
        };
        try
        {
            await _client.CustomObjects.CreateNamespacedCustomObjectAsync(
                resource,
                ResourceKind.Group,
                ResourceKind.Version,
                Namespace,
                Plural,
                cancellationToken: cancellationToken);
        }
        catch (HttpOperationException failure) when (failure.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // Created by a run that ended before it could remember it.
        }
    }

    /// <summary>All of them, in every namespace; null when the API server does not answer as it should.</summary>
    public async Task<IReadOnlyList<JsonElement>?> List(CancellationToken cancellationToken)
    {
        try
        {
            var list = (JsonElement)await _client.CustomObjects.ListClusterCustomObjectAsync(
                ResourceKind.Group, ResourceKind.Version, Plural, cancellationToken: cancellationToken);
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
