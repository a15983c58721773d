using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What an update waits for. Nothing is lost, and it goes on by itself.</summary>
public sealed class UpdateWaitTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    public UpdateWaitTests() => _world.Source.Add("v1", 30);

    public static TheoryData<string> ClusterIsNotThere => [DatasetCodes.ClusterNotFound, DatasetCodes.ClusterNotKnown, DatasetCodes.AnotherCluster];

    [Theory]
    [MemberData(nameof(ClusterIsNotThere))]
    public async Task Nothing_is_touched_before_the_cluster_is_known(string code)
    {
        var known = _world.ClusterGrain.Said!;
        _world.ClusterGrain.Said = code switch
        {
            DatasetCodes.ClusterNotFound => null,
            DatasetCodes.ClusterNotKnown => known with { PinnedUuid = null },
            _ => known with { PinnedUuid = "cluster-9" },
        };

        await WaitsFor(code);
        Assert.NotNull(_world.Ledger.Look);
        Assert.Null(_world.Ledger.Candidate);

        _world.ClusterGrain.Said = known;
        await GoesOn();
    }

    [Theory]
    [InlineData(Verdict.Critical)]
    [InlineData(Verdict.Unknown)]
    [InlineData(Verdict.Suspended)]
    public async Task A_cluster_that_is_not_well_is_not_loaded(Verdict verdict)
    {
        var known = _world.ClusterGrain.Said!;
        _world.ClusterGrain.Said = known with { Verdict = verdict, Reason = "ShardsUnassigned" };

        await WaitsFor(DatasetCodes.ClusterNotReady);
        Assert.Empty(_world.Cluster.All);

        _world.ClusterGrain.Said = known with { Verdict = Verdict.Degraded };
        await GoesOn();
    }

    [Fact]
    public async Task A_cluster_that_sickens_before_the_promotion_is_not_switched()
    {
        var known = _world.ClusterGrain.Said!;
        _world.Grain.OnStored = ledger =>
        {
            if (ledger.Candidate?.Step is UpdateStep.Approve or UpdateStep.Promote)
            {
                _world.ClusterGrain.Said = known with { Verdict = Verdict.Critical };
            }
        };

        await WaitsFor(DatasetCodes.ClusterNotReady);
        Assert.Equal(UpdateStep.Approve, _world.Ledger.Candidate!.Step);

        _world.Grain.OnStored = _ => { };
        _world.ClusterGrain.Said = known;
        await GoesOn();
    }

    [Fact]
    public async Task An_engine_without_require_alias_is_not_loaded()
    {
        _world.Cluster.Identity = _world.Cluster.Identity with { Engine = "Elasticsearch", Version = "7.9.3" };
        await WaitsFor(DatasetCodes.EngineTooOld);

        _world.Cluster.Identity = _world.Cluster.Identity with { Version = "7.10.0" };
        await GoesOn();
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_waits_with_the_count_of_runs_since_when()
    {
        _world.Source.Down = new DependencyException(Dependency.Source, "403 Forbidden");

        await WaitsFor(DatasetCodes.SourceUnreadable);
        var since = _world.Ledger.Blocked!.Since;
        await WaitsFor(DatasetCodes.SourceUnreadable);
        Assert.Equal((2, since), (_world.Ledger.Blocked!.Count, _world.Ledger.Blocked.Since));

        _world.Source.Down = null;
        await GoesOn();
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_waited_for()
    {
        _world.Cluster.Down = new DependencyException(Dependency.SearchCluster, "Connection refused");
        await WaitsFor(DatasetCodes.ClusterUnreachable);

        _world.Cluster.Down = null;
        await GoesOn();
    }

    [Fact]
    public async Task The_younger_of_two_that_want_one_alias_runs_nothing()
    {
        var stored = "";
        _world.Claims.OnAsked = () => stored = _world.Ledger.Claim;
        _world.Claims.Rows.AddRange([UpdateWorld.Claimant("older", "uid-0"), UpdateWorld.Claimant("products", "uid-1")]);

        await WaitsFor(DatasetCodes.AliasClaimed);
        Assert.Equal("cluster-1/products", stored);
        Assert.Equal("shop/older", _world.Ledger.ClaimedBy);
        Assert.Empty(_world.Cluster.All);

        _world.Claims.Rows.RemoveAt(0);
        await GoesOn();
        Assert.Null(_world.Ledger.ClaimedBy);
    }

    [Fact]
    public async Task Whoever_claims_by_a_row_that_cannot_be_read_may_be_older()
    {
        _world.Claims.Rows.AddRange(
        [
            UpdateWorld.Claimant("products", "uid-1"),
            UpdateWorld.Claimant("torn", "") with { Phase = "", Damage = "uid, phase, createdAt" },
        ]);

        await WaitsFor(DatasetCodes.AliasClaimed);
        Assert.Equal("shop/torn", _world.Ledger.ClaimedBy);
        Assert.Empty(_world.Cluster.All);

        _world.Claims.Rows[1] = UpdateWorld.Claimant("torn", "uid-2");
        await GoesOn();
    }

    [Fact]
    public async Task A_claim_that_is_lost_during_the_load_stops_the_promotion()
    {
        _world.Loader.OnBatch = () => _world.Claims.Rows.Add(UpdateWorld.Claimant("older", "uid-0"));

        await WaitsFor(DatasetCodes.AliasClaimed);

        Assert.Equal(UpdateStep.Approve, _world.Ledger.Candidate!.Step);
    }

    [Fact]
    public async Task An_index_with_the_name_of_the_alias_is_refused_with_the_cure()
    {
        _world.Cluster.Add(UpdateWorld.Alias);
        await WaitsFor(DatasetCodes.AliasIsIndex);

        _world.Cluster.All.Remove(UpdateWorld.Alias);
        await GoesOn();
    }

    [Fact]
    public async Task A_template_that_would_put_the_alias_or_a_policy_on_the_index_is_refused_before_it_is_made()
    {
        _world.Cluster.Template = new([UpdateWorld.Alias], null);
        await WaitsFor(DatasetCodes.TemplateInterferes);
        _world.Cluster.Template = new([], "delete-after-7d");
        await WaitsFor(DatasetCodes.TemplateInterferes);
        Assert.Empty(_world.Cluster.All);

        _world.Cluster.Template = new([], null);
        await GoesOn();
    }

    [Fact]
    public async Task A_version_that_does_not_fit_is_not_begun()
    {
        _world.Cluster.Nodes = [new("node-1", 10_000, 1_600, 1_500, 1_000, 500)];
        await WaitsFor(DatasetCodes.DiskFull);
        Assert.Empty(_world.Cluster.All);

        _world.Cluster.Nodes = [new("node-1", 100_000, 90_000, 1_500, 1_000, 500)];
        await GoesOn();
    }

    [Fact]
    public async Task A_cluster_at_its_limit_of_shards_is_waited_for()
    {
        _world.Cluster.Refusal = new CreateAnswer(CreateResult.NoRoom, "400 validation_exception: [3000]/[3000] maximum shards open");
        await WaitsFor(DatasetCodes.ShardLimit);
        Assert.Contains("[3000]/[3000]", _world.Ledger.Blocked!.Message, StringComparison.Ordinal);

        _world.Cluster.Refusal = null;
        await GoesOn();
    }

    [Fact]
    public async Task A_disk_past_its_high_watermark_pauses_the_load_where_it_is()
    {
        var roomy = _world.Cluster.Nodes;
        _world.Loader.OnBatch = () =>
        {
            _world.Time.Now += TimeSpan.FromSeconds(31);
            _world.Cluster.Nodes = [new("node-1", 10_000, 900, 1_500, 1_000, 500)];
        };

        await WaitsFor(DatasetCodes.DiskFull);
        Assert.Equal(10, _world.Ledger.Candidate!.Position.Line);
        await WaitsFor(DatasetCodes.DiskFull);

        (_world.Cluster.Nodes, _world.Loader.OnBatch) = (roomy, () => { });
        await GoesOn();
    }

    [Theory]
    [InlineData(nameof(LoadResult.Blocked), DatasetCodes.IndexBlocked)]
    [InlineData(nameof(LoadResult.Busy), DatasetCodes.ClusterUnreachable)]
    [InlineData(nameof(LoadResult.Refused), DatasetCodes.ClusterUnreachable)]
    [InlineData(nameof(LoadResult.Gone), DatasetCodes.IndexNotReady)]
    public async Task What_stops_the_loader_for_now_is_waited_for(string result, string code)
    {
        _world.Loader.EndsWith = new LoadEnd(Enum.Parse<LoadResult>(result), new LoadPosition(0, 0, 0), new LoadCounts(), "as it says");
        await WaitsFor(code);
        Assert.Equal(UpdateStep.Load, _world.Ledger.Candidate!.Step);

        _world.Loader.EndsWith = null;
        await GoesOn();
    }

    [Fact]
    public async Task Replicas_that_do_not_come_are_waited_for_and_those_that_cannot_are_not()
    {
        _world.Cluster.NextHealth = new("yellow", 1, 1, 3);
        await WaitsFor(DatasetCodes.IndexNotReady);
        Assert.Equal(UpdateStep.Settle, _world.Ledger.Candidate!.Step);

        _world.Cluster.NextHealth = new("yellow", 0, 1, 1);
        await GoesOn();
    }

    [Fact]
    public async Task Rejected_documents_are_in_the_history_before_they_are_counted()
    {
        _world.Edit(_world.Spec with { Verify = new VerifySpec { MaxRejected = 5 } });
        _world.Source.All["v1"].Files["part-0.ndjson"][12] = "bad";
        _world.Loader.OnBatch = () => _world.History.IsDown = true;

        await WaitsFor(DatasetCodes.HistoryUnavailable);
        Assert.Equal((10L, 0L), (_world.Ledger.Candidate!.Position.Line, _world.Ledger.Candidate.Counts.Rejected));

        (_world.History.IsDown, _world.Loader.OnBatch) = (false, () => { });
        await GoesOn();
        Assert.Contains(_world.History.All.Keys, key => key.Contains("record=rejected", StringComparison.Ordinal) && key.Contains("a2-f00000-l0000000013", StringComparison.Ordinal));
        Assert.Equal(1, Assert.Single(_world.Grain.Ends).Candidate.Counts.Rejected);
    }

    [Fact]
    public async Task An_update_waits_in_line_while_its_source_is_looked_at()
    {
        var place = await _world.Admission.Enter(TestContext.Current.CancellationToken);
        var looks = new HashSet<DateTimeOffset>();
        _world.Grain.OnStored = ledger =>
        {
            if (ledger.Blocked?.Code == DatasetCodes.Queued && looks.Add(ledger.Look!.At) && looks.Count == 3)
            {
                place.Dispose();
            }
        };

        await GoesOn();

        Assert.True(looks.Count >= 3);
    }

    [Fact]
    public async Task Who_stands_in_line_still_waits_for_what_it_waited_for()
    {
        _world.Loader.EndsWith = new LoadEnd(LoadResult.Blocked, new LoadPosition(0, 0, 0), new LoadCounts(), "flood stage");
        await WaitsFor(DatasetCodes.IndexBlocked);
        var since = _world.Ledger.Blocked!.Since;
        var place = await _world.Admission.Enter(TestContext.Current.CancellationToken);
        var stored = 0;
        _world.Grain.OnStored = _ =>
        {
            if (++stored == 3)
            {
                place.Dispose();
            }
        };

        await WaitsFor(DatasetCodes.IndexBlocked);

        Assert.Equal((2, since), (_world.Ledger.Blocked!.Count, _world.Ledger.Blocked.Since));
    }

    [Fact]
    public async Task A_disk_that_fills_further_says_nothing_new()
    {
        _world.Cluster.Nodes = [new("node-1", 10_000, 1_600, 1_500, 1_000, 500)];
        await WaitsFor(DatasetCodes.DiskFull);
        var message = _world.Ledger.Blocked!.Message;

        _world.Cluster.Nodes = [new("node-1", 10_000, 1_595, 1_500, 1_000, 500)];
        await WaitsFor(DatasetCodes.DiskFull);

        Assert.Equal(message, _world.Ledger.Blocked!.Message);
    }

    [Fact]
    public async Task A_fault_of_ours_is_said_and_the_next_run_goes_on()
    {
        _world.Loader.OnBatch = () => throw new InvalidOperationException("Ours.");
        await WaitsFor(DatasetCodes.RunFailed);

        _world.Loader.OnBatch = () => { };
        await GoesOn();
    }

    [Theory]
    [InlineData(nameof(SwapResult.Blocked), DatasetCodes.IndexBlocked)]
    [InlineData(nameof(SwapResult.Unconfirmed), DatasetCodes.ClusterUnreachable)]
    [InlineData(nameof(SwapResult.Done), DatasetCodes.ClusterUnreachable)]
    [InlineData(nameof(SwapResult.NameTaken), DatasetCodes.AliasIsIndex)]
    public async Task A_swap_that_is_not_to_be_seen_is_not_a_promotion(string result, string code)
    {
        _world.Cluster.SwapRefusal = new SwapAnswer(Enum.Parse<SwapResult>(result), "as it says");
        await WaitsFor(code);
        Assert.Equal(UpdateStep.Promote, _world.Ledger.Candidate!.Step);
        Assert.Null(_world.Ledger.Published);

        _world.Cluster.SwapRefusal = null;
        await GoesOn();
    }

    [Fact]
    public async Task A_swap_that_is_to_be_seen_is_a_promotion_whatever_was_answered()
    {
        _world.Cluster.OnSwap = () => _world.Cluster.Point(UpdateWorld.Alias, null, "products-v1-1");
        _world.Cluster.SwapRefusal = new SwapAnswer(SwapResult.NotAsExpected, "it raced");

        await GoesOn();
    }

    public void Dispose() => _world.Dispose();

    private async Task WaitsFor(string code)
    {
        await _world.Run();
        Assert.Equal(code, _world.Ledger.Blocked?.Code);
        Assert.Empty(_world.Grain.Ends);
        Assert.Empty(_world.Shown);
    }

    private async Task GoesOn()
    {
        await _world.Run();
        Assert.Null(_world.Ledger.Blocked);
        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal(UpdateResult.Promoted, Assert.Single(_world.Grain.Ends).Result);
    }
}
