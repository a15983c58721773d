using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>The alias in other hands: somebody moved it, or an earlier epoch left it.</summary>
public sealed class UpdateAliasTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    [Fact]
    public async Task A_foreign_index_behind_the_alias_is_replaced_at_the_first_promotion_and_never_deleted()
    {
        _world.Cluster.Add("handmade", null, UpdateWorld.Alias).Visible = 25;
        _world.Source.Add("v1", 30);
        _world.Rollout = _world.Rollout with { KeepPrevious = 0, OrphanGrace = TimeSpan.Zero };

        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal("handmade", Assert.Single(_world.Grain.Ends).Replaced);
        Assert.Contains("handmade", _world.Cluster.All.Keys);
        Assert.Empty(_world.Ledger.Retained);
    }

    [Fact]
    public async Task The_shrink_guard_holds_against_a_foreign_index_too()
    {
        _world.Cluster.Add("handmade", null, UpdateWorld.Alias).Visible = 100;
        _world.Source.Add("v1", 30);

        await _world.Run();

        Assert.Equal(DatasetCodes.Shrunk, Assert.Single(_world.Grain.Ends).Code);
        Assert.Equal(["handmade"], _world.Shown);
    }

    [Fact]
    public async Task An_alias_on_two_indices_is_not_touched()
    {
        _world.Cluster.Add("handmade", null, UpdateWorld.Alias);
        _world.Cluster.Add("handmade-too", null, UpdateWorld.Alias);
        _world.Source.Add("v1", 30);
        await _world.Run();
        Assert.Equal(DatasetCodes.AliasDrift, _world.Ledger.Blocked!.Code);

        _world.Cluster.All.Remove("handmade-too");
        _world.Cluster.All["handmade"].Visible = 30;
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task An_alias_that_was_moved_is_reported_and_not_fought_until_it_is_moved_back()
    {
        await Publish("v1");
        _world.Cluster.Add("handmade");
        _world.Cluster.Point(UpdateWorld.Alias, "products-v1-1", "handmade");

        await Publish("v2");
        var since = _world.Ledger.Drift!.Since;
        await _world.Run();
        Assert.Equal(("handmade", since, 2), (_world.Ledger.Drift!.Shows, _world.Ledger.Drift.Since, _world.Ledger.Blocked!.Count));
        Assert.Equal(["handmade"], _world.Shown);

        _world.Cluster.Point(UpdateWorld.Alias, "handmade", "products-v1-1");
        await _world.Run();
        Assert.Null(_world.Ledger.Drift);
        Assert.Equal(["products-v2-2"], _world.Shown);
    }

    [Fact]
    public async Task An_alias_that_was_moved_during_the_load_is_not_moved_by_us()
    {
        await Publish("v1");
        _world.Cluster.Add("handmade");
        _world.Loader.OnBatch = () => _world.Cluster.Point(UpdateWorld.Alias, "products-v1-1", "handmade");

        await Publish("v2");

        Assert.Equal(DatasetCodes.AliasDrift, _world.Ledger.Blocked!.Code);
        Assert.Equal(["handmade"], _world.Shown);
    }

    [Fact]
    public async Task An_alias_that_moves_between_our_look_and_our_swap_makes_the_swap_fail()
    {
        await Publish("v1");
        _world.Cluster.Add("handmade");
        _world.Cluster.OnSwap = () => _world.Cluster.Point(UpdateWorld.Alias, "products-v1-1", "handmade");

        await Publish("v2");

        Assert.Equal(DatasetCodes.AliasDrift, _world.Ledger.Blocked!.Code);
        Assert.Equal(["handmade"], _world.Shown);
        Assert.Equal("v1", _world.Ledger.Published!.Version);
    }

    [Fact]
    public async Task What_somebody_calls_right_stays_until_a_newer_version_comes()
    {
        await Publish("v1");
        _world.Cluster.Add("handmade").Visible = 30;
        _world.Cluster.Point(UpdateWorld.Alias, "products-v1-1", "handmade");
        _world.AdoptAlias = "some-other";
        await _world.Run();
        Assert.Equal(DatasetCodes.AliasDrift, _world.Ledger.Blocked!.Code);

        _world.AdoptAlias = "handmade";
        await _world.Run();
        await _world.Run();
        Assert.Null(_world.Ledger.Blocked);
        Assert.Equal(["handmade"], _world.Shown);

        await Publish("v2");
        Assert.Equal(["products-v2-2"], _world.Shown);
        Assert.Equal("handmade", _world.Grain.Ends[^1].Replaced);
        Assert.Equal(["v1"], _world.Ledger.Retained.Select(kept => kept.Version));
    }

    [Fact]
    public async Task A_published_index_that_was_deleted_is_loaded_again()
    {
        await Publish("v1");
        _world.Cluster.All.Clear();

        await _world.Run();

        Assert.Equal(["products-v1-2"], _world.Shown);
    }

    [Fact]
    public async Task What_a_dead_epoch_promoted_is_ours_and_not_loaded_again()
    {
        var old = _world.Time.Now - TimeSpan.FromDays(3);
        _world.Source.Add("v2", 30);
        var fingerprint = _world.Source.All["v2"].Frozen("v2").Fingerprint;
        _world.Cluster.Add("products-v2-7", _world.Mark("v2", "uid-0", old) with { Fingerprint = fingerprint }, UpdateWorld.Alias).Visible = 30;
        _world.Cluster.Add("products-v1-6", _world.Mark("v1", "uid-0", old)).Visible = 29;
        _world.Cluster.Add("products-v3-8", _world.Mark("v3", "uid-0")).Visible = 3;

        await _world.Run();

        Assert.Equal(("v2", 30L), (_world.Ledger.Published!.Version, _world.Ledger.Published.Docs));
        Assert.Equal(["v1"], _world.Ledger.Retained.Select(kept => kept.Version));
        Assert.Equal(["products-v3-8"], _world.Ledger.Orphans);
        Assert.Equal("uid-1", _world.Cluster.All["products-v2-7"].Mark!.Uid);
        Assert.Empty(_world.Grain.Ends);

        await Publish("v4");
        Assert.Equal(["products-v4-9"], _world.Shown);
    }

    [Fact]
    public async Task Finish_brings_the_version_through_and_then_the_newest()
    {
        _world.Source.Add("v1", 30);
        _world.Loader.OnBatch = Appearing("v2", "v3");

        await _world.Run();
        await _world.Run();

        Assert.Equal(["v1", "v3"], _world.Grain.Ends.Select(end => end.Candidate.Version));
        Assert.Equal(["products-v3-2"], _world.Shown);
    }

    [Fact]
    public async Task Supersede_gives_the_version_up_mid_load_for_the_newest()
    {
        _world.Rollout = _world.Rollout with { OnNewVersion = OnNewVersion.Supersede };
        _world.Source.Add("v1", 30);
        _world.Loader.OnBatch = Appearing("v2", "v3");

        await _world.Run();
        Assert.Equal((UpdateResult.Superseded, DatasetCodes.NewerVersion), (_world.Grain.Ends[0].Result, _world.Grain.Ends[0].Code));
        Assert.Empty(_world.Shown);
        _world.Loader.OnBatch = () => { };
        await _world.Run();

        Assert.Equal(["v1", "v3"], _world.Grain.Ends.Select(end => end.Candidate.Version));
        Assert.Equal(["products-v3-2"], _world.Shown);
    }

    [Fact]
    public async Task Nothing_supersedes_a_promotion_whose_intent_is_written()
    {
        _world.Rollout = _world.Rollout with { OnNewVersion = OnNewVersion.Supersede };
        _world.Source.Add("v1", 30);
        _world.Cluster.SwapRefusal = new SwapAnswer(SwapResult.Blocked, "flood stage");
        await _world.Run();
        _world.Source.Add("v2", 30);
        _world.Rollout = _world.Rollout with { Pin = "v2" };

        _world.Cluster.SwapRefusal = null;
        await _world.Run();
        await _world.Run();

        Assert.Equal(["v1", "v2"], _world.Grain.Ends.Select(end => end.Candidate.Version));
        Assert.All(_world.Grain.Ends, end => Assert.Equal(UpdateResult.Promoted, end.Result));
    }

    [Fact]
    public async Task Another_recipe_begins_anew()
    {
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };
        _world.Source.Add("v1", 30);
        await _world.Run();

        _world.Edit(_world.Spec with { Index = new IndexSpec { Shards = 3 } });
        await _world.Run();
        await _world.Run();

        Assert.Equal((UpdateResult.Superseded, DatasetCodes.SpecChanged), (_world.Grain.Ends[0].Result, _world.Grain.Ends[0].Code));
        Assert.Equal("products-v1-2", _world.Ledger.Candidate!.Index);
    }

    [Fact]
    public async Task Another_alias_mid_load_begins_anew_and_leaves_the_old_one_alone()
    {
        await Publish("v1");
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };
        await Publish("v2");

        _world.Edit(_world.Spec with { Alias = "goods", Rollout = new RolloutSpec() });
        await _world.Run();
        Assert.Equal(DatasetCodes.SpecChanged, _world.Grain.Ends[^1].Code);
        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal(["goods-v2-3"], _world.Cluster.Showing("goods"));
    }

    [Fact]
    public async Task A_folder_without_marker_is_noticed_and_since_when_it_has_not_changed()
    {
        await Publish("v1");
        _world.Source.Add("v2", 5).HasMarker = false;

        var first = (await _world.Run()).Look!;
        var second = (await _world.Run()).Look!;
        _world.Source.Add("v2", 6).HasMarker = false;
        var third = (await _world.Run()).Look!;

        Assert.Equal(("v1", "v2"), (first.Latest, first.Unmarked));
        Assert.Equal(first.At, second.UnmarkedSince);
        Assert.Equal(third.At, third.UnmarkedSince);
        Assert.Equal(first.LatestSince, third.LatestSince);
    }

    public void Dispose() => _world.Dispose();

    private Action Appearing(params string[] versions) => () =>
    {
        foreach (var version in versions.Where(version => !_world.Source.All.ContainsKey(version)))
        {
            _world.Source.Add(version, 30);
        }

        _world.Time.Now += TimeSpan.FromMinutes(1);
    };

    private async Task Publish(string version)
    {
        _world.Source.Add(version, 30);
        await _world.Run();
    }
}
