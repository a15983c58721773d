using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A cause that goes away: what was wrong with the source or the cluster, not with the version, is made good by itself.</summary>
public sealed class UpdateRepairTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    public UpdateRepairTests() => _world.Source.Add("v1", 40);

    [Fact]
    public async Task A_marker_that_comes_back_beside_the_same_files_is_loaded_again()
    {
        var version = _world.Source.All["v1"];
        _world.Loader.OnBatch = () => version.HasMarker = false;
        await _world.Run();
        Fails(DatasetCodes.MarkerWithdrawn);
        await _world.Run();
        Assert.Single(_world.Grain.Ends);

        (_world.Loader.OnBatch, version.HasMarker) = (() => { }, true);
        await _world.Run();

        Assert.Equal(["products-v1-2"], _world.Shown);
        Assert.Null(_world.Ledger.Failed);
    }

    [Fact]
    public async Task Files_that_were_changed_and_are_as_before_are_loaded_again()
    {
        var version = _world.Source.All["v1"];
        _world.Loader.OnBatch = () => version.Edition = 2;
        await _world.Run();
        Fails(DatasetCodes.SourceChanged);

        (_world.Loader.OnBatch, version.Edition) = (() => { }, 1);
        await _world.Run();

        Assert.Equal(["products-v1-2"], _world.Shown);
    }

    [Fact]
    public async Task A_folder_that_keeps_changing_does_not_cost_an_index_every_interval()
    {
        var version = _world.Source.All["v1"];
        _world.Loader.OnBatch = () => version.Edition++;

        for (var run = 0; run < 30; run++)
        {
            await _world.Run();
        }

        Assert.InRange(_world.Cluster.All.Count, 4, 7);
        _world.Loader.OnBatch = () => { };
        _world.Time.Now += TimeSpan.FromHours(1);
        await _world.Run();
        Assert.Single(_world.Shown);
    }

    [Fact]
    public async Task A_version_whose_marker_no_look_asks_for_is_pinned_and_loaded_to_its_end()
    {
        _world.Source.All["v1"].IsOverlooked = true;
        _world.Source.Add("v2", 40);
        _world.Rollout = _world.Rollout with { Pin = "v1" };
        _world.Loader.OnBatch = () => _world.Time.Now += TimeSpan.FromMinutes(2);

        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task A_load_goes_on_when_a_look_leaves_its_version_out()
    {
        _world.Loader.OnBatch = () =>
        {
            _world.Source.All["v1"].IsOverlooked = true;
            _world.Time.Now += TimeSpan.FromMinutes(2);
        };

        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task Another_cluster_that_answers_in_the_middle_of_a_load_loses_nothing()
    {
        var known = _world.Cluster.Identity;
        _world.Loader.OnBatch = () =>
        {
            _world.Cluster.Identity = known with { ClusterUuid = "cluster-2" };
            _world.Cluster.Hidden = true;
        };
        await _world.Run();
        Assert.Equal(DatasetCodes.AnotherCluster, _world.Ledger.Blocked!.Code);
        Assert.Empty(_world.Grain.Ends);

        (_world.Loader.OnBatch, _world.Cluster.Identity, _world.Cluster.Hidden) = (() => { }, known, false);
        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task A_sick_cluster_is_not_asked_how_many_documents_it_has()
    {
        await _world.Run();
        _world.Source.Add("v2", 40);
        _world.ClusterGrain.Said = _world.ClusterGrain.Said! with { Verdict = ClusterGrains.Clusters.Verdict.Critical };
        _world.Cluster.OnCount = () => throw new DependencyException(Dependency.SearchCluster, "1 of 2 shards");

        await _world.Run();

        Assert.Equal(DatasetCodes.ClusterNotReady, _world.Ledger.Blocked!.Code);
    }

    public void Dispose() => _world.Dispose();

    private void Fails(string code)
    {
        Assert.Equal(code, _world.Grain.Ends[^1].Code);
        Assert.Empty(_world.Shown);
    }
}
