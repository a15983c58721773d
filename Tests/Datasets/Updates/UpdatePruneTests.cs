using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What is deleted, and when. What is not proven to be of this epoch, or may still be read, is not.</summary>
public sealed class UpdatePruneTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    [Fact]
    public async Task Only_so_many_are_kept_and_the_rest_goes_after_the_grace()
    {
        _world.Rollout = _world.Rollout with { KeepPrevious = 1 };
        await Publish("v1");
        await Publish("v2");
        await Publish("v3");
        Assert.Empty(_world.Cluster.Deleted);

        _world.Time.Now += TimeSpan.FromHours(2);
        var ledger = await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Cluster.Deleted);
        Assert.Equal(["v2"], ledger.Retained.Select(kept => kept.Version));
        Assert.Empty(ledger.Orphans);
    }

    [Fact]
    public async Task What_readers_were_on_a_moment_ago_outlives_the_swap_by_the_grace_however_old_it_is()
    {
        _world.Rollout = _world.Rollout with { KeepPrevious = 0 };
        await Publish("v1");
        _world.Time.Now += TimeSpan.FromDays(1);
        await Publish("v2");
        _world.Time.Now += TimeSpan.FromMinutes(50);
        await _world.Run();
        Assert.Empty(_world.Cluster.Deleted);
        Assert.Empty(_world.Ledger.Orphans);

        _world.Time.Now += TimeSpan.FromMinutes(10);
        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Cluster.Deleted);
    }

    [Fact]
    public async Task Versions_that_come_faster_than_the_grace_passes_do_not_keep_the_old_ones_for_ever()
    {
        _world.Rollout = _world.Rollout with { KeepPrevious = 0 };
        await Publish("v1");
        await Publish("v2");
        _world.Time.Now += TimeSpan.FromMinutes(40);
        await Publish("v3");
        _world.Time.Now += TimeSpan.FromMinutes(40);
        await Publish("v4");

        Assert.Equal(["products-v1-1"], _world.Cluster.Deleted);
        Assert.Equal(["v3", "v2"], _world.Ledger.Retained.Select(kept => kept.Version));
    }

    [Fact]
    public async Task A_failed_index_can_be_looked_at_for_the_grace_however_long_its_load_took()
    {
        await Publish("v1");
        _world.Source.Add("v2", 5);
        _world.Loader.OnBatch = () => _world.Time.Now += TimeSpan.FromHours(2);
        await _world.Run();
        Assert.Equal(DatasetCodes.Shrunk, _world.Ledger.Failed!.Code);

        await _world.Run();
        Assert.Equal(["products-v2-2"], _world.Ledger.Orphans);
        Assert.Empty(_world.Cluster.Deleted);
        _world.Time.Now += TimeSpan.FromHours(1);
        await _world.Run();

        Assert.Equal(["products-v2-2"], _world.Cluster.Deleted);
    }

    [Fact]
    public async Task A_lost_index_is_deleted_at_once_because_it_keeps_the_cluster_red()
    {
        await Publish("v1");
        _world.Source.Add("v2", 30);
        _world.Loader.OnBatch = () => throw new DependencyException(Dependency.SearchCluster, "The node is gone.");
        await _world.Run();
        _world.Loader.OnBatch = () => { };
        _world.Cluster.NextHealth = new("red", 0, 1, 3);
        await _world.Run();
        _world.Time.Now += TimeSpan.FromMinutes(10);
        await _world.Run();
        Assert.Equal(DatasetCodes.IndexLost, _world.Ledger.Failed!.Code);

        _world.Cluster.NextHealth = new("green", 0, 0, 3);
        await _world.Run();

        Assert.Equal(["products-v2-2"], _world.Cluster.Deleted);
        Assert.Equal(["products-v2-3"], _world.Shown);
    }

    [Fact]
    public async Task What_another_resource_of_the_same_name_made_is_reported_and_never_touched()
    {
        await Publish("v1");
        var loading = _world.Cluster.Add("products-v0-9", _world.Mark("v0", "uid-elsewhere"), "products-v0-9.a1");
        _world.Cluster.Add("products-v0-8", _world.Mark("v0", "uid-elsewhere", _world.Time.Now));

        _world.Time.Now += TimeSpan.FromDays(60);
        await _world.Run();

        Assert.Equal(["products-v0-8", "products-v0-9"], _world.Ledger.Orphans);
        Assert.Empty(_world.Cluster.Deleted);
        Assert.Equal(["products-v0-9.a1"], loading.Aliases);
    }

    [Fact]
    public async Task An_index_under_a_longer_alias_is_not_of_this_one()
    {
        await Publish("v1");
        _world.Cluster.Add("products-eu-v1-1", _world.Mark("v1"));

        _world.Time.Now += TimeSpan.FromDays(60);
        await _world.Run();

        Assert.Empty(_world.Ledger.Orphans);
        Assert.Empty(_world.Cluster.Deleted);
    }

    public void Dispose() => _world.Dispose();

    private async Task Publish(string version)
    {
        _world.Source.Add(version, 30);
        await _world.Run();
    }
}
