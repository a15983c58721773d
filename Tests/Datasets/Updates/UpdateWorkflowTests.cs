using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>Versions that come and go as they should.</summary>
public sealed class UpdateWorkflowTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    [Fact]
    public async Task A_complete_version_is_loaded_and_promoted_in_one_run()
    {
        _world.Source.Add("v1", 25, 7);

        var ledger = await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal(("v1", 32L, "run-1"), (ledger.Published!.Version, ledger.Published.Docs, ledger.Published.RunId));
        Assert.Null(ledger.Candidate);
        Assert.Null(ledger.Blocked);
        var end = Assert.Single(_world.Grain.Ends);
        Assert.Equal((UpdateResult.Promoted, (string?)null), (end.Result, end.Replaced));
        Assert.Equal(32, end.Candidate.Counts.Acked);
        var index = _world.Cluster.All["products-v1-1"];
        Assert.True(index.IsBlocked);
        Assert.Equal(["products"], index.Aliases);
        Assert.Contains("\"number_of_replicas\":1", index.Settings, StringComparison.Ordinal);
        Assert.NotNull(index.Mark!.PromotedAt);
    }

    [Fact]
    public async Task The_plan_is_in_the_history_before_the_index_is_made()
    {
        _world.Source.Add("v1", 5);
        _world.History.IsDown = true;

        var ledger = await _world.Run();

        Assert.Equal(DatasetCodes.HistoryUnavailable, ledger.Blocked!.Code);
        Assert.Empty(_world.Cluster.All);
        _world.History.IsDown = false;
        await _world.Run();
        Assert.Contains("record=plan", Assert.Single(_world.History.All.Keys), StringComparison.Ordinal);
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task A_newer_version_replaces_the_older_one_which_is_kept()
    {
        await Publish("v1", 20);

        var ledger = await Publish("v2", 21);

        Assert.Equal(["products-v2-2"], _world.Shown);
        Assert.Equal("v1", Assert.Single(ledger.Retained).Version);
        Assert.Equal("products-v1-1", _world.Grain.Ends[^1].Replaced);
    }

    [Fact]
    public async Task Nothing_new_means_a_fresh_look_and_nothing_else()
    {
        await Publish("v1", 20);
        var stored = _world.Grain.Stored.Count;

        var ledger = await _world.Run();

        Assert.Equal(stored + 1, _world.Grain.Stored.Count);
        Assert.Equal(_world.Time.Now, ledger.Look!.At);
        Assert.Single(_world.Grain.Ends);
    }

    [Fact]
    public async Task A_version_below_the_published_one_is_left_alone_when_the_newest_folder_goes()
    {
        await Publish("v1", 20);
        await Publish("v2", 20);
        _world.Source.All.Remove("v2");

        await _world.Run();

        Assert.Equal(["products-v2-2"], _world.Shown);
        Assert.Equal(2, _world.Grain.Ends.Count);
    }

    [Fact]
    public async Task A_pin_promotes_a_kept_version_in_one_swap_and_its_removal_the_newest_again()
    {
        await Publish("v1", 20);
        await Publish("v2", 21);
        var made = _world.Cluster.All.Count;

        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal(UpdateResult.RolledBack, _world.Grain.Ends[^1].Result);
        await _world.Run();
        Assert.Equal(3, _world.Grain.Ends.Count);

        _world.Rollout = _world.Rollout with { Pin = null };
        await _world.Run();
        Assert.Equal(["products-v2-2"], _world.Shown);
        Assert.Equal(UpdateResult.Promoted, _world.Grain.Ends[^1].Result);
        Assert.Equal(made, _world.Cluster.All.Count);
    }

    [Fact]
    public async Task A_pin_works_while_the_source_is_away()
    {
        await Publish("v1", 20);
        await Publish("v2", 21);
        _world.Source.Down = new DependencyException(Dependency.Source, "Away.");
        _world.Rollout = _world.Rollout with { Pin = "v1" };

        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task A_pinned_version_that_was_pruned_is_loaded_again_although_it_is_smaller()
    {
        _world.Rollout = _world.Rollout with { KeepPrevious = 0, OrphanGrace = TimeSpan.Zero };
        await Publish("v1", 20);
        await Publish("v2", 100);
        Assert.DoesNotContain("products-v1-1", _world.Cluster.All.Keys);

        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();

        Assert.Equal(["products-v1-3"], _world.Shown);
        Assert.Equal(UpdateKind.Reload, _world.Grain.Ends[^1].Candidate.Kind);
    }

    [Fact]
    public async Task A_pin_to_what_is_nowhere_waits_and_leaves_the_alias()
    {
        await Publish("v1", 20);
        _world.Rollout = _world.Rollout with { Pin = "v0" };

        var ledger = await _world.Run();

        Assert.Equal(DatasetCodes.PinUnavailable, ledger.Blocked!.Code);
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task A_reload_loads_the_same_version_once_more_and_only_once()
    {
        await Publish("v1", 20);
        _world.Reload = "v1";

        await _world.Run();
        await _world.Run();

        Assert.Equal(["products-v1-2"], _world.Shown);
        Assert.Equal(2, _world.Grain.Ends.Count);
    }

    [Fact]
    public async Task A_verified_version_waits_for_approval_by_exactly_its_index()
    {
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };
        _world.Source.Add("v1", 20);
        _world.Approve = "v1";

        await _world.Run();
        var ledger = await _world.Run();
        Assert.Equal((DatasetCodes.ApprovalPending, 2), (ledger.Blocked!.Code, ledger.Blocked.Count));
        Assert.Contains("20 documents", ledger.Blocked.Message, StringComparison.Ordinal);
        Assert.Empty(_world.Shown);

        _world.Approve = ledger.Candidate!.Index;
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal("run-1", Assert.Single(_world.Grain.Ends).Candidate.RunId);
    }

    [Fact]
    public async Task The_real_loader_carries_every_document_and_what_its_checkpoint_says_ends_it()
    {
        _world.RealLoader = new ClusterGrains.Datasets.Loading.Loader(TimeProvider.System);
        await Publish("v1", 2500);
        Assert.Equal(2500, _world.Cluster.All["products-v1-1"].Docs.Count);
        Assert.Equal(2500, _world.Grain.Ends[0].Candidate.Counts.Acked);

        _world.Grain.OnStored = ledger =>
        {
            if (ledger.Candidate is { Step: UpdateStep.Load, LoadStartedAt: not null })
            {
                _world.Source.All["v2"].HasMarker = false;
                _world.Time.Now += TimeSpan.FromMinutes(1);
            }
        };
        await Publish("v2", 2500);

        Assert.Equal(DatasetCodes.MarkerWithdrawn, _world.Grain.Ends[1].Code);
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    [Fact]
    public async Task Indices_of_others_are_never_deleted()
    {
        var old = _world.Time.Now - TimeSpan.FromDays(30);
        _world.Cluster.Add("products-foreign");
        _world.Cluster.Add("products-eu-v1-1", _world.Mark("v1") with { Dataset = "shop/products-eu", BuiltAt = old });
        _world.Cluster.Add("products-v0-1", _world.Mark("v0") with { BuiltAt = old }, "somebody-elses-alias");
        _world.Cluster.Add("products-v0-2", _world.Mark("v0") with { BuiltAt = old }, "products-v0-2.a1");

        await Publish("v1", 20);

        Assert.Equal(["products-v0-2"], _world.Cluster.Deleted);
    }

    public void Dispose() => _world.Dispose();

    private async Task<DatasetLedger> Publish(string version, int docs)
    {
        _world.Source.Add(version, docs);
        return await _world.Run();
    }
}
