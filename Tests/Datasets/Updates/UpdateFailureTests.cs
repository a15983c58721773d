using System.Text.Json;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What makes a version fail. The alias stays, one record says why, and the next good version goes through.</summary>
public sealed class UpdateFailureTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    /// <summary>Each bad version by its code, and what is wrong with it.</summary>
    public static TheoryData<string> BadVersions =>
    [
        DatasetCodes.SourceCorrupt, DatasetCodes.SourceEmpty, DatasetCodes.MarkerWithdrawn,
        DatasetCodes.ManifestMismatch, DatasetCodes.TooManyRejected, DatasetCodes.TooFewDocs, DatasetCodes.Shrunk,
        DatasetCodes.TooManyDuplicates, DatasetCodes.CountMismatch, DatasetCodes.SmokeQueryFailed, DatasetCodes.SmokeQueryRefused,
        DatasetCodes.IndexRefused,
    ];

    [Theory]
    [MemberData(nameof(BadVersions))]
    public async Task A_bad_version_leaves_the_alias_and_is_not_tried_again_but_the_next_one_goes_through(string code)
    {
        await Published();
        var repair = Spoil(code);

        await _world.Run();
        Fails(code);
        await _world.Run();
        await _world.Run();
        Assert.Equal(2, _world.Grain.Ends.Count);
        Assert.Null(_world.Ledger.Blocked);

        repair();
        _world.Source.Add("v3", 40);
        await _world.Run();
        Assert.StartsWith("products-v3-", Assert.Single(_world.Shown), StringComparison.Ordinal);
        Assert.Null(_world.Ledger.Failed);
    }

    [Fact]
    public async Task Files_that_were_repaired_are_tried_again()
    {
        await Published();
        Spoil(DatasetCodes.Shrunk);
        await _world.Run();
        Fails(DatasetCodes.Shrunk);

        _world.Source.Add("v2", 39).Edition = 2;
        await _world.Run();

        Assert.StartsWith("products-v2-", Assert.Single(_world.Shown), StringComparison.Ordinal);
        Assert.Null(_world.Ledger.Failed);
    }

    [Fact]
    public async Task Another_spec_or_somebody_asking_tries_it_again()
    {
        await Published();
        Spoil(DatasetCodes.Shrunk);
        await _world.Run();

        _world.Reload = "v2";
        await _world.Run();
        Assert.Equal((3, 2), (_world.Grain.Ends.Count, _world.Ledger.Failed!.Count));

        _world.Edit(_world.Spec with { Verify = new VerifySpec { MaxShrinkPercent = 90 } });
        await _world.Run();
        Assert.StartsWith("products-v2-", Assert.Single(_world.Shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_version_that_is_pinned_may_be_smaller_and_a_newer_one_may_not()
    {
        await Published();
        _world.Source.Add("v0", 5);
        _world.Rollout = _world.Rollout with { Pin = "v0" };
        await _world.Run();
        Assert.StartsWith("products-v0-", Assert.Single(_world.Shown), StringComparison.Ordinal);

        _world.Source.Add("v2", 4);
        _world.Rollout = _world.Rollout with { Pin = "v2" };
        await _world.Run();
        Assert.Equal(DatasetCodes.Shrunk, _world.Grain.Ends[^1].Code);
        Assert.StartsWith("products-v0-", Assert.Single(_world.Shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_goes_mid_load_is_built_again_after_a_pause_that_grows()
    {
        await Published();
        _world.Source.Add("v2", 40);
        _world.Loader.OnBatch = () => _world.Cluster.All.Remove(_world.Ledger.Candidate!.Index);

        await _world.Run();
        Fails(DatasetCodes.IndexLost);
        Assert.Equal(_world.Time.Now + TimeSpan.FromMinutes(1), _world.Ledger.Failed!.RetryAt);
        await _world.Run();
        Assert.Equal(_world.Time.Now + TimeSpan.FromMinutes(2), _world.Ledger.Failed!.RetryAt);
        await _world.Run();
        Assert.Equal((3, 2), (_world.Grain.Ends.Count, _world.Ledger.Failed.Count));

        _world.Loader.OnBatch = () => { };
        await _world.Run();
        Assert.StartsWith("products-v2-", Assert.Single(_world.Shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_that_do_not_come_back_lose_the_index_and_those_that_do_lose_nothing()
    {
        await Published();
        _world.Source.Add("v2", 40);
        var sick = 2;
        _world.Loader.OnBatch = () => throw new DependencyException(Dependency.SearchCluster, "The node restarts.");
        await _world.Run();
        _world.Loader.OnBatch = () => { };

        _world.Cluster.NextHealth = new("red", 0, sick, 3);
        await _world.Run();
        Assert.Equal(DatasetCodes.IndexNotReady, _world.Ledger.Blocked!.Code);
        _world.Cluster.NextHealth = new("green", 0, 0, 3);
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };
        await _world.Run();
        Assert.Equal(DatasetCodes.ApprovalPending, _world.Ledger.Blocked!.Code);

        _world.Time.Now += TimeSpan.FromHours(3);
        _world.Approve = _world.Ledger.Candidate!.Index;
        _world.Cluster.NextHealth = new("red", 0, sick, 3);
        await _world.Run();
        Assert.Equal(DatasetCodes.IndexNotReady, _world.Ledger.Blocked!.Code);
        _world.Time.Now += TimeSpan.FromMinutes(10);
        await _world.Run();
        Fails(DatasetCodes.IndexLost);
    }

    [Fact]
    public async Task A_load_that_takes_too_long_fails_and_is_tried_again()
    {
        await Published();
        _world.Source.Add("v2", 40);
        _world.Loader.OnBatch = () => _world.Time.Now += TimeSpan.FromHours(4);

        await _world.Run();

        Fails(DatasetCodes.DeadlineExceeded);
        Assert.NotNull(_world.Ledger.Failed!.RetryAt);
    }

    [Fact]
    public async Task Another_cluster_mid_load_ends_the_version_and_forgets_what_was_published_elsewhere()
    {
        await Published();
        _world.Source.Add("v2", 40);
        _world.Loader.OnBatch = () => throw new DependencyException(Dependency.SearchCluster, "Away.");
        await _world.Run();

        _world.Loader.OnBatch = () => { };
        _world.Cluster.All.Clear();
        _world.Cluster.Identity = _world.Cluster.Identity with { ClusterUuid = "cluster-2" };
        await _world.Run();
        Assert.Equal(DatasetCodes.AnotherCluster, _world.Ledger.Blocked!.Code);

        _world.ClusterGrain.Said = _world.ClusterGrain.Said! with { PinnedUuid = "cluster-2" };
        await _world.Run();
        Assert.Equal((UpdateResult.Failed, DatasetCodes.ClusterReplaced), (_world.Grain.Ends[^1].Result, _world.Grain.Ends[^1].Code));
        Assert.Null(_world.Ledger.Published);

        await _world.Run();
        Assert.Equal(["products-v2-3"], _world.Shown);
        Assert.Empty(_world.Ledger.Retained);
    }

    [Fact]
    public async Task A_foreign_index_of_the_same_name_is_not_touched_and_the_next_gets_another_number()
    {
        _world.Source.Add("v1", 30);
        _world.Grain.OnStored = ledger =>
        {
            if (ledger.Candidate?.Step is UpdateStep.Create && _world.Cluster.All.Count == 0)
            {
                _world.Cluster.Add("products-v1-1");
            }
        };

        await _world.Run();
        Assert.Equal(DatasetCodes.IndexRefused, Assert.Single(_world.Grain.Ends).Code);
        Assert.Empty(_world.Cluster.All["products-v1-1"].Docs);

        _world.Edit(_world.Spec with { Load = new LoadSpec { Workers = 2 } });
        await _world.Run();
        Assert.Equal(["products-v1-2"], _world.Shown);
    }

    [Fact]
    public async Task An_empty_version_never_replaces_one_that_is_not()
    {
        await Published();
        _world.Edit(_world.Spec with { Verify = new VerifySpec { MinDocs = 0, MaxShrinkPercent = 100, MaxRejected = 99 } });
        _world.Source.Add("v2", 3).Files["part-0.ndjson"] = ["bad", "bad"];

        await _world.Run();

        Fails(DatasetCodes.TooFewDocs);
    }

    public void Dispose() => _world.Dispose();

    private async Task Published()
    {
        _world.Source.Add("v1", 40);
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    private void Fails(string code)
    {
        var end = _world.Grain.Ends[^1];
        Assert.Equal((UpdateResult.Failed, code, "v2"), (end.Result, end.Code, end.Candidate.Version));
        Assert.Equal((code, "v2"), (_world.Ledger.Failed!.Code, _world.Ledger.Failed.Version));
        Assert.NotEmpty(end.Message);
        Assert.Null(_world.Ledger.Candidate);
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    /// <returns>What puts the world, not the version, right again.</returns>
    private Action Spoil(string code)
    {
        var version = _world.Source.Add("v2", 40);
        var spec = _world.Spec;
        Action repair = () => { };
        switch (code)
        {
            case DatasetCodes.SourceCorrupt:
                _world.Loader.OnBatch = () => throw new SourceException(code, "part-0.ndjson is cut off.");
                repair = () => _world.Loader.OnBatch = () => { };
                break;
            case DatasetCodes.SourceEmpty:
                version.Unusable = new SourceException(code, "The folder holds no data.");
                break;
            case DatasetCodes.MarkerWithdrawn:
                _world.Loader.OnBatch = () => version.HasMarker = false;
                repair = () => _world.Loader.OnBatch = () => { };
                break;
            case DatasetCodes.ManifestMismatch:
                version.Documents = 41;
                break;
            case DatasetCodes.TooManyRejected:
                version.Files["part-0.ndjson"][3] = "bad";
                break;
            case DatasetCodes.TooFewDocs:
                _world.Edit(spec with { Verify = new VerifySpec { MinDocs = 41 } });
                repair = () => _world.Edit(spec);
                break;
            case DatasetCodes.Shrunk:
                _world.Source.Add("v2", 35);
                break;
            case DatasetCodes.TooManyDuplicates:
                _world.Edit(spec with { Source = spec.Source with { IdField = "sku" } });
                _world.Grain.OnStored = ledger => Drop(ledger, 1);
                repair = () => _world.Grain.OnStored = _ => { };
                break;
            case DatasetCodes.CountMismatch:
                _world.Grain.OnStored = ledger => Drop(ledger, 1);
                repair = () => _world.Grain.OnStored = _ => { };
                break;
            case DatasetCodes.SmokeQueryFailed:
            case DatasetCodes.SmokeQueryRefused:
                var query = new SmokeQuery { Name = "shoes", Body = JsonElement.Parse("{}"), MinHits = 3 };
                _world.Edit(spec with { Verify = new VerifySpec { Queries = [query] } });
                _world.Cluster.NextSearch = code == DatasetCodes.SmokeQueryFailed ? new(2) : new(0, "parsing_exception");
                repair = () => _world.Cluster.NextSearch = new(3);
                break;
            default:
                _world.Cluster.Refusal = new CreateAnswer(CreateResult.Refused, "mapper_parsing_exception");
                repair = () => _world.Cluster.Refusal = null;
                break;
        }

        return repair;
    }

    private void Drop(DatasetLedger ledger, int documents)
    {
        if (ledger.Candidate is { Step: UpdateStep.Settle, Index: var index } && _world.Cluster.All.TryGetValue(index, out var there) && there.Docs.Count == 40)
        {
            foreach (var id in there.Docs.Keys.Take(documents).ToArray())
            {
                there.Docs.Remove(id);
            }
        }
    }
}
