using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Status;
using ClusterGrains.Watch;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Watch;

/// <summary>The relay against the sandbox's API server, with its faults.</summary>
public sealed class SandboxWatchTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clustergrains-").FullName;
    private KubernetesApi _api = null!;
    private k8s.Kubernetes _kubectl = null!;
    private RelayRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = _folder }, Cancellation);
        var kubeconfig = _api.KubeconfigPath!;
        _kubectl = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        _rig = RelayRig.Against(
            new KubernetesOptions { Kubeconfig = kubeconfig },
            new WatchOptions { InactivityDeadline = TimeSpan.FromSeconds(1), PageSize = 2 });
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _kubectl.Dispose();
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_list_of_several_pages_edits_deletes_and_recreation_arrive()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            await Create(name);
        }

        _rig.Start();
        Assert.Equal(["a@1", "b@1", "c@1", "d@1", "e@1"], await _rig.Told.Next(5));

        await Suspend("a", true);
        Assert.Equal("a@2", await _rig.Told.Next());
        await Delete("a");
        Assert.StartsWith("a deleted ", await _rig.Told.Next());
        await Create("a");
        Assert.Equal("a@1", await _rig.Told.Next());
    }

    [Fact]
    public async Task Our_own_status_writes_come_back_unheard()
    {
        await Create("a");
        _rig.Start();
        Assert.Equal("a@1", await _rig.Told.Next());
        var key = new ResourceKey("default", "a");
        var live = await new KubernetesResourceApi(_rig.Connection).Get(RelayRig.Kind, key, Cancellation);

        var written = await new KubernetesStatusApi(_rig.Connection).Write(
            RelayRig.Kind, key, live!.Uid, live.ResourceVersion, new JsonObject { ["revision"] = 1 }, Cancellation);
        await Create("b");

        Assert.NotNull(written);
        Assert.Equal("b@1", await _rig.Told.Next());
    }

    [Fact]
    public async Task Silence_drops_forgotten_history_and_rubbish_are_survived()
    {
        await StartWatching("a");

        _api.Faults.SilenceWatches();
        await Suspend("a", false);
        Assert.Equal("a@3", await _rig.Told.Next());

        _api.Faults.InjectUndecodable();
        await Suspend("a", true);
        Assert.Equal("a@4", await _rig.Told.Next());

        _api.Faults.AnswerNext(2, 429, TimeSpan.FromSeconds(1), new FaultScope("GET"));
        _api.Faults.DropWatches();
        await Suspend("a", false);
        Assert.Equal("a@5", await _rig.Told.Next());

        await Delete("a");
        Assert.StartsWith("a deleted ", await _rig.Told.Next());
    }

    [Fact]
    public async Task A_delete_missed_behind_forgotten_history_is_asked_about()
    {
        await StartWatching("a");
        _api.Faults.AnswerNext(1_000, 503, scope: new FaultScope("GET"));
        _api.Faults.DropWatches();
        await Delete("a");
        await Create("b");
        _api.Faults.ForgetHistory();
        _api.Faults.Clear();

        Assert.Equal(["a?", "b@1"], await _rig.Told.Next(2));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Returns when the watch is open: an edit has come through it.</summary>
    private async Task StartWatching(string name)
    {
        await Create(name);
        _rig.Start();
        Assert.Equal($"{name}@1", await _rig.Told.Next());
        await Suspend(name, true);
        Assert.Equal($"{name}@2", await _rig.Told.Next());
    }

    private Task Create(string name) => _kubectl.CustomObjects.CreateNamespacedCustomObjectAsync(
        new JsonObject
        {
            ["apiVersion"] = ResourceKind.ApiVersion,
            ["kind"] = "SearchCluster",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["endpoints"] = new JsonArray("http://127.0.0.1:9200") },
        },
        ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", cancellationToken: Cancellation);

    private Task Suspend(string name, bool suspend) => _kubectl.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch(new JsonObject { ["spec"] = new JsonObject { ["suspend"] = suspend } }.ToJsonString(), V1Patch.PatchType.MergePatch),
        ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", name, cancellationToken: Cancellation);

    private Task Delete(string name) => _kubectl.CustomObjects.DeleteNamespacedCustomObjectAsync(
        ResourceKind.Group, ResourceKind.Version, "default", "searchclusters", name, cancellationToken: Cancellation);
}
