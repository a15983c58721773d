using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>What ClusterGrains relies on from an API server, of the sandbox and of real ones alike.</summary>
public abstract partial class KubernetesApiContract : IAsyncLifetime
{
    private protected const string Group = "/apis/clustergrains.io/v1alpha1";

    private readonly string _namespace = $"contract-{Guid.NewGuid():N}"[..20];

    private protected ApiClient Api { get; private set; } = null!;

    private protected string Collection => $"{Group}/namespaces/{_namespace}/searchclusters";

    private protected string Core => $"/api/v1/namespaces/{_namespace}";

    private protected string Item(string name) => $"{Collection}/{name}";

    private protected abstract Task<ApiClient> Connect();

    /// <summary>Makes the server forget what happened so far.</summary>
    private protected abstract Task ForgetHistory();

    public virtual async ValueTask InitializeAsync()
    {
        Api = await Connect();
        await RequireCrd();
        (await Api.Post("/api/v1/namespaces", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = _namespace },
        })).Expect(HttpStatusCode.Created);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.Delete($"/api/v1/namespaces/{_namespace}");
            Api.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private protected static JsonObject Cluster(string name, string? team = null) => new()
    {
        ["apiVersion"] = "clustergrains.io/v1alpha1",
        ["kind"] = "SearchCluster",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = team is null ? new JsonObject() : new JsonObject { ["team"] = team },
        },
        ["spec"] = new JsonObject { ["endpoints"] = new JsonArray("http://127.0.0.1:9200") },
    };

    private protected async Task<ApiAnswer> Create(string name, string? team = null) =>
        (await Api.Post(Collection, Cluster(name, team))).Expect(HttpStatusCode.Created);

    private protected async Task<ApiAnswer> List(string query = "") =>
        (await Api.Get($"{Collection}?{query}")).Expect(HttpStatusCode.OK);

    private protected static List<string> Names(ApiAnswer list) =>
        [.. list.Json.Items("items")!.Select(i => i!.AsObject().Member("metadata")!.Text("name")!)];

    private async Task RequireCrd()
    {
        const string Crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        if ((await Api.Get($"{Crds}/searchclusters.clustergrains.io")).Status is HttpStatusCode.NotFound)
        {
            (await Api.Post(Crds, ResourceCatalog.EmbeddedCrds().Single(c => c.Member("metadata")!.Text("name")!.StartsWith("searchclusters", StringComparison.Ordinal))))
                .Expect(HttpStatusCode.Created);
        }

        // A kind is not there at once: 404 until it is established, then 429 until its storage is.
        for (var attempt = 0; (await Api.Get($"{Group}/searchclusters")).Status is not HttpStatusCode.OK; attempt++)
        {
            Assert.True(attempt < 100, "The CRD was not established in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
