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

    public void Dispose() => _world.Dispose();

    private async Task DiesOnceItIsPromoted()
    {
        _world.Source.Add("v1", 30);
        await _world.Run();
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
