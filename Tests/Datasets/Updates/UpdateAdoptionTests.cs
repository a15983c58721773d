using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A dataset that was deleted and is created again finds what its former life left.</summary>
public sealed class UpdateAdoptionTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    public UpdateAdoptionTests() => _world.Source.Add("v2", 30);

    [Fact]
    public async Task Files_that_were_repaired_while_nobody_looked_are_loaded()
    {
        Left("products-v2-7", "v2", UpdateWorld.Alias);
        _world.Source.All["v2"].Edition = 2;

        await _world.Run();

        Assert.Equal(["products-v2-8"], _world.Shown);
        Assert.Equal(["products-v2-7"], _world.Ledger.Retained.Select(kept => kept.Index));
    }

    [Fact]
    public async Task The_comparison_waits_for_the_source_and_is_made_once()
    {
        Left("products-v2-7", "v2", UpdateWorld.Alias);
        _world.Source.Down = new DependencyException(Dependency.Source, "403");
        await _world.Run();
        Assert.Equal("v2", _world.Ledger.Published!.Version);

        _world.Source.Down = null;
        await _world.Run();
        _world.Source.All["v2"].Edition = 2;
        await _world.Run();

        Assert.Equal(["products-v2-7"], _world.Shown);
        Assert.Empty(_world.Grain.Ends);
    }

    [Fact]
    public async Task Repaired_files_that_fail_for_the_moment_are_tried_again()
    {
        Left("products-v2-7", "v2", UpdateWorld.Alias);
        _world.Source.All["v2"].Edition = 2;
        _world.Loader.OnBatch = () => _world.Cluster.All.Remove(_world.Ledger.Candidate!.Index);
        await _world.Run();
        Assert.Equal(DatasetCodes.IndexLost, Assert.Single(_world.Grain.Ends).Code);

        _world.Loader.OnBatch = () => { };
        await _world.Run();

        Assert.Equal(["products-v2-9"], _world.Shown);
    }

    [Fact]
    public async Task Kept_versions_stay_when_the_alias_shows_something_else_meanwhile()
    {
        Left("products-v1-6", "v1");
        _world.Cluster.Add("handmade", null, UpdateWorld.Alias).Visible = 30;
        _world.Rollout = _world.Rollout with { OrphanGrace = TimeSpan.Zero, Approval = Approval.Manual };

        await _world.Run();
        Assert.Equal(["v1"], _world.Ledger.Retained.Select(kept => kept.Version));
        Assert.Equal("uid-1", _world.Cluster.All["products-v1-6"].Mark!.Uid);

        _world.Approve = _world.Ledger.Candidate!.Index;
        await _world.Run();
        Assert.Equal(["products-v2-7"], _world.Shown);
        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();
        Assert.Equal(["products-v1-6"], _world.Shown);
    }

    [Fact]
    public async Task A_kept_version_does_not_take_the_alias_from_somebody_else_without_approval()
    {
        Left("products-v2-6", "v2");
        _world.Cluster.Add("handmade", null, UpdateWorld.Alias).Visible = 30;
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };

        await _world.Run();

        Assert.Equal(["handmade"], _world.Shown);
        Assert.Equal(DatasetCodes.ApprovalPending, _world.Ledger.Blocked!.Code);
    }

    [Fact]
    public async Task Nothing_is_loaded_again_for_an_alias_that_was_taken_away()
    {
        Left("products-v2-6", "v2");
        _world.Loader.OnBatch = () => Assert.Fail("Loaded again.");

        await _world.Run();

        Assert.Equal(["products-v2-6"], _world.Shown);
    }

    [Fact]
    public async Task The_indices_of_a_longer_alias_are_not_taken_for_ones_own()
    {
        _world.Cluster.Add("products-eu-v2-6", _world.Mark("v2", "uid-0", _world.Time.Now)).Visible = 30;

        await _world.Run();

        Assert.Equal("uid-0", _world.Cluster.All["products-eu-v2-6"].Mark!.Uid);
        Assert.Empty(_world.Ledger.Retained);
    }

    public void Dispose() => _world.Dispose();

    private void Left(string index, string version, params string[] aliases)
    {
        var fingerprint = _world.Source.All.GetValueOrDefault(version)?.Frozen(version).Fingerprint ?? "f";
        var mark = _world.Mark(version, "uid-0", _world.Time.Now - TimeSpan.FromDays(3)) with { Fingerprint = fingerprint };
        _world.Cluster.Add(index, mark, aliases).Visible = 30;
    }
}
