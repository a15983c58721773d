using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Status;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Resources;

/// <summary>The adapters against the sandbox's API server.</summary>
public sealed class SandboxApiPortTests : KubernetesApiPortTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clustergrains-").FullName;
    private KubernetesApi? _api;

    protected override async Task<string> Kubeconfig()
    {
        _api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = _folder }, Cancellation);
        return _api.KubeconfigPath!;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The adapters against a real API server with our CRDs, when <c>CLUSTERGRAINS_TEST_KUBECONFIG</c> names one.</summary>
public sealed class RealApiPortTests : KubernetesApiPortTests
{
    protected override Task<string> Kubeconfig()
    {
        var path = Environment.GetEnvironmentVariable("CLUSTERGRAINS_TEST_KUBECONFIG");
        Assert.SkipWhen(string.IsNullOrEmpty(path), "CLUSTERGRAINS_TEST_KUBECONFIG names no API server.");
        return Task.FromResult(path!);
    }
}

public abstract class KubernetesApiPortTests : ApiPortContract, IAsyncLifetime
{
    private ServiceProvider? _services;
    private k8s.Kubernetes? _kubectl;

    protected override IResourceApi Resources => new KubernetesResourceApi(Connection);

    protected override IStatusApi Statuses => new KubernetesStatusApi(Connection);

    private KubernetesConnection Connection => _services!.GetRequiredService<KubernetesConnection>();

    protected abstract Task<string> Kubeconfig();

    public async ValueTask InitializeAsync()
    {
        var kubeconfig = await Kubeconfig();
        _kubectl = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        _services = new ServiceCollection()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Options.Create(new KubernetesOptions { Kubeconfig = kubeconfig }))
            .AddSingleton<KubernetesMetrics>()
            .AddSingleton<KubernetesConnection>()
            .BuildServiceProvider();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await Delete();
            await _services.DisposeAsync();
        }

        _kubectl?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override async Task Create() => await _kubectl!.CustomObjects.CreateNamespacedCustomObjectAsync(
        new JsonObject
        {
            ["apiVersion"] = ResourceKind.ApiVersion,
            ["kind"] = Kind.Name,
            ["metadata"] = new JsonObject { ["name"] = Key.Name },
            ["spec"] = new JsonObject { ["endpoints"] = new JsonArray("http://127.0.0.1:9200") },
        },
        ResourceKind.Group, ResourceKind.Version, Key.Namespace, Kind.Plural, cancellationToken: Cancellation);

    protected override async Task Suspend() => await _kubectl!.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch("""{"spec":{"suspend":true}}""", V1Patch.PatchType.MergePatch),
        ResourceKind.Group, ResourceKind.Version, Key.Namespace, Kind.Plural, Key.Name, cancellationToken: Cancellation);

    protected override async Task Delete()
    {
        try
        {
            await _kubectl!.CustomObjects.DeleteNamespacedCustomObjectAsync(
                ResourceKind.Group, ResourceKind.Version, Key.Namespace, Kind.Plural, Key.Name, cancellationToken: Cancellation);
        }
        catch (k8s.Autorest.HttpOperationException missing) when ((int)missing.Response.StatusCode == 404)
        {
            // Not every test leaves an object behind.
        }
    }
}
