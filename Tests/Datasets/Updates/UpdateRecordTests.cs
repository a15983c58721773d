using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A version that readers see has its record, whatever becomes of the cluster afterwards.</summary>
public sealed class UpdateRecordTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    [Theory]
    [InlineData(DatasetCodes.ClusterNotFound)]
    [InlineData(DatasetCodes.ClusterUnreachable)]
    [InlineData(DatasetCodes.AnotherCluster)]
    [InlineData(DatasetCodes.AliasClaimed)]
    public async Task A_promotion_is_recorded_by_the_next_run_although_the_cluster_is_away(string code)
    {
        await DiesOnceItIsPromoted();
        var known = _world.ClusterGrain.Said!;
        switch (code)
        {
            case DatasetCodes.ClusterNotFound:
                _world.ClusterGrain.Said = null;
                break;
            case DatasetCodes.ClusterUnreachable:
                _world.Cluster.Down = new DependencyException(Dependency.SearchCluster, "Connection refused");
                break;
            case DatasetCodes.AnotherCluster:
                _world.ClusterGrain.Said = known with { PinnedUuid = "cluster-9" };
                break;
            default:
                _world.Claims.Rows.AddRange([UpdateWorld.Claimant("older", "uid-0"), UpdateWorld.Claimant("products", "uid-1")]);
                break;
        }

        var ledger = await _world.Run();

        Assert.Equal(("v2", UpdateResult.Promoted), (_world.Grain.Ends[^1].Candidate.Version, _world.Grain.Ends[^1].Result));
        Assert.Equal("products-v1-1", _world.Grain.Ends[^1].Replaced);
        Assert.Equal((null, code), (ledger.Candidate, ledger.Blocked?.Code));

        (_world.ClusterGrain.Said, _world.Cluster.Down) = (known, null);
        _world.Claims.Rows.Clear();
        ledger = await _world.Run();

        Assert.Null(ledger.Blocked);
        Assert.Equal(["v1", "v2"], _world.Grain.Ends.Select(end => end.Candidate.Version));
    }

    [Fact]
    public async Task Going_back_is_told_as_such_although_what_was_left_is_kept_no_longer()
    {
        await Publish("v1", 30);
        await Publish("v2", 30);

        _world.Rollout = new RolloutSpec { KeepPrevious = 0, OrphanGrace = TimeSpan.Zero, Pin = "v1" };
        await _world.Run();

        Assert.Empty(_world.Ledger.Retained);
        Assert.Equal(UpdateResult.RolledBack, _world.Grain.Ends[^1].Result);
    }

    [Fact]
    public async Task Going_back_to_what_has_to_be_loaded_again_is_going_back()
    {
        _world.Rollout = new RolloutSpec { KeepPrevious = 0, OrphanGrace = TimeSpan.Zero };
        await Publish("v1", 30);
        await Publish("v2", 30);

        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();

        Assert.Equal((UpdateKind.Reload, UpdateResult.RolledBack), (_world.Grain.Ends[^1].Candidate.Kind, _world.Grain.Ends[^1].Result));
        _world.Rollout = _world.Rollout with { Pin = null };
        await _world.Run();
        Assert.Equal(UpdateResult.Promoted, _world.Grain.Ends[^1].Result);
    }

    [Fact]
    public async Task A_mark_that_the_cluster_refused_after_the_swap_is_written_by_a_later_run()
    {
        _world.Cluster.MarkRefusal = new DependencyException(Dependency.SearchCluster, "429");
        await Publish("v1", 30);
        await Publish("v2", 30);
        Assert.Equal(["v1", "v2"], _world.Grain.Ends.Select(end => end.Candidate.Version));
        Assert.All(_world.Cluster.All.Values, index => Assert.Null(index.Mark!.PromotedAt));

        _world.Cluster.MarkRefusal = null;
        await _world.Run();

        Assert.Equal(_world.Ledger.Published!.At, _world.Cluster.All["products-v2-2"].Mark!.PromotedAt);
        Assert.Equal(_world.Ledger.Retained[0].At, _world.Cluster.All["products-v1-1"].Mark!.PromotedAt);
    }

    public void Dispose() => _world.Dispose();

    private async Task Publish(string version, int docs)
    {
        _world.Source.Add(version, docs);
        await _world.Run();
    }

    private async Task DiesOnceItIsPromoted()
    {
        await Publish("v1", 30);
        _world.Source.Add("v2", 30);
        _world.Grain.OnStored = ledger =>
        {
            if (ledger.Candidate?.Step is UpdateStep.Prune)
            {
                _world.Mishaps.KillAt(1, after: false);
            }
        };
        await Assert.ThrowsAsync<KilledException>(() => _world.Run());
        Assert.Equal(UpdateStep.Prune, _world.Ledger.Candidate!.Step);
        Assert.Single(_world.Grain.Ends);
        _world.Grain.OnStored = _ => { };
        _world.Mishaps.Restart();
    }
}
