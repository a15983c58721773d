using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Watch;

/// <summary>The sweep against the sandbox's API server: pages, scopes, and its turn.</summary>
public sealed class SandboxSweepTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clustergrains-").FullName;
    private KubernetesApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await KubernetesApi.Start(
        new KubernetesApiOptions { DataFolder = _folder }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_list_of_several_pages_is_compared_whole()
    {
        await using var rig = Rig();
        Create("default", "a", "b", "c", "d", "e");
        rig.Index.Put("gone");

        Assert.True(await rig.Sweep());

        Assert.Equal(["a@1", "b@1", "c@1", "d@1", "e@1", "gone?"], await rig.Told.Next(6));
    }

    [Fact]
    public async Task Each_namespace_of_the_setting_is_swept_by_itself_and_nothing_else_is_touched()
    {
        await using var rig = Rig("search", "logs");
        Create("search", "a");
        Create("logs", "b");
        Create("default", "c");
        rig.Index.Put("gone");
        rig.Index.Put("elsewhere");
        rig.Index.Rows.TryRemove(new ResourceKey("search", "elsewhere"), out var row);
        rig.Index.Rows[new ResourceKey("other", "elsewhere")] = row! with { Namespace = "other" };
        _api.Faults.AnswerNext(1, 500, scope: new FaultScope("GET", "/namespaces/logs/searchclusters"));

        Assert.False(await rig.Sweep());

        Assert.Equal(["a@1", "gone?"], await rig.Told.Next(2));
        Assert.True(rig.Told.IsSilent);
        Assert.Contains("searchclusters.clustergrains.io in namespace logs", Assert.Single(rig.Health.Problems), StringComparison.Ordinal);

        rig.Index.Put("a", uid: _api.Store.Get(_api.Definition("searchclusters"), new("search", "a"))!.Uid);
        rig.Index.Put("gone", phase: "Retiring");
        Assert.True(await rig.Sweep());
        Assert.Equal("b@1", await rig.Told.Next());
        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task A_missing_CRD_concludes_nothing()
    {
        await _api.DisposeAsync();
        _api = await KubernetesApi.Start(
            new KubernetesApiOptions { DataFolder = _folder, Crds = [] }, TestContext.Current.CancellationToken);
        await using var rig = Rig();
        rig.Index.Put("a");

        Assert.False(await rig.Sweep());

        Assert.True(rig.Told.IsSilent);
        Assert.Contains("kubectl apply -f k8s/crds", Assert.Single(rig.Health.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_sweeps_when_its_turn_comes_and_again_in_its_next()
    {
        await using var rig = Rig();
        using var silo = rig.Start();
        await rig.Time.Armed(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));

        for (var turn = 1; turn <= 3; turn++)
        {
            Create("default", $"r{turn}");
            rig.Time.Advance(TimeSpan.FromMinutes(5));
            await rig.Time.Armed(SweepRig.Recheck, SweepRig.Recheck);
            rig.Time.Advance(SweepRig.Recheck);
            Assert.Equal($"r{turn}@1", await rig.Told.Next());
            rig.Index.Put($"r{turn}", uid: _api.Store.Get(_api.Definition("searchclusters"), new("default", $"r{turn}"))!.Uid, inNamespace: "default");
            await rig.Time.Armed(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        }
    }

    private SweepRig Rig(params string[] namespaces) =>
        SweepRig.Against(new KubernetesOptions { Kubeconfig = _api.KubeconfigPath, Namespaces = namespaces });

    private void Create(string inNamespace, params string[] names)
    {
        _api.Seed($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{inNamespace}}}
            """);
        foreach (var name in names)
        {
            _api.Seed($$"""
                apiVersion: clustergrains.io/v1alpha1
                kind: SearchCluster
                metadata: {name: {{name}}, namespace: {{inNamespace}}}
                spec: {endpoints: ["http://127.0.0.1:1"]}
                """);
        }
    }
}
