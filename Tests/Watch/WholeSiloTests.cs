using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Watch;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Watch;

/// <summary>A whole silo against the sandbox's API server: from an edit to its status, and back to nothing.</summary>
public sealed class WholeSiloTests : IAsyncLifetime
{
    private const string Name = "logs";

    // Only turns a hang into a failure.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(90));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clustergrains-");
    private readonly SiloFolder _silo = new();
    private KubernetesApi _api = null!;
    private k8s.Kubernetes _kubectl = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = _folder.FullName }, Cancellation);
        _kubectl = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(_api.KubeconfigPath));
    }

    public async ValueTask DisposeAsync()
    {
        _limit.Dispose();
        _kubectl.Dispose();
        await _api.DisposeAsync();
        _folder.Delete(recursive: true);
        _silo.Dispose();
    }

    [Fact]
    public async Task An_edit_shows_in_the_status_and_a_delete_while_the_silo_is_down_retires()
    {
        await using (var app = Build())
        {
            await SiloHost.Start(app);
            await Create();
            await Observed(1);
            await Suspend();
            await Observed(2);
            Assert.All(app.Services.GetRequiredService<WatchHealth>().Watches, watch => Assert.Null(watch.Problem));
            await app.StopAsync(Cancellation);
        }

        await Delete();
        await using var again = Build();
        await SiloHost.Start(again);
        await Retired(again.Services.GetRequiredService<IResourceIndex>());
        await again.StopAsync(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WebApplication Build() => SiloHost.Build(
        [.. _silo.Settings, $"--Kubernetes:Kubeconfig={_api.KubeconfigPath}"]);

    /// <summary>Reads the object until its status answers the generation.</summary>
    private async Task Observed(long generation)
    {
        for (var seen = -1L; seen != generation;)
        {
            var item = (JsonElement)await _kubectl.CustomObjects.GetNamespacedCustomObjectAsync(
                ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", Name, _limit.Token);
            seen = item.Child("status").Number("observedGeneration") ?? -1;
        }
    }

    private async Task Retired(IResourceIndex index)
    {
        string? phase;
        do
        {
            phase = (await index.Find("SearchCluster", new ResourceKey("default", Name), _limit.Token))?.Phase;
        }
        while (phase != "Retired");
    }

    private Task Create() => _kubectl.CustomObjects.CreateNamespacedCustomObjectAsync(
        new JsonObject
        {
            ["apiVersion"] = ResourceKind.ApiVersion,
            ["kind"] = "SearchCluster",
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["spec"] = new JsonObject { ["endpoints"] = new JsonArray("http://127.0.0.1:1") },
        },
        ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", cancellationToken: Cancellation);

    private Task Suspend() => _kubectl.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch("""{"spec":{"suspend":true}}""", V1Patch.PatchType.MergePatch),
        ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", Name, cancellationToken: Cancellation);

    private Task Delete() => _kubectl.CustomObjects.DeleteNamespacedCustomObjectAsync(
        ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", Name, cancellationToken: Cancellation);
}
