using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>An index that is not what was counted any more is not given to readers.</summary>
public sealed class UpdateDoubtTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    public async Task A_kept_index_with_another_number_of_documents_is_not_rolled_back_to(long docs)
    {
        await Publish("v1");
        await Publish("v2");
        _world.Cluster.All["products-v1-1"].Visible = docs;

        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();
        await _world.Run();

        Assert.Equal(["products-v2-2"], _world.Shown);
        var end = _world.Grain.Ends[2];
        Assert.Equal((3, DatasetCodes.CountMismatch), (_world.Grain.Ends.Count, end.Code));
        Assert.Contains("clustergrains.io/reload=v1", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubtful_kept_index_is_replaced_by_a_reload()
    {
        await Publish("v1");
        await Publish("v2");
        _world.Cluster.All["products-v1-1"].Visible = 19;
        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();

        _world.Reload = "v1";
        await _world.Run();

        Assert.Equal(["products-v1-3"], _world.Shown);
    }

    [Theory]
    [InlineData(nameof(Approval.Manual))]
    [InlineData(nameof(Approval.Auto))]
    public async Task A_verified_index_that_lost_documents_while_it_waited_is_not_promoted(string approval)
    {
        await Publish("v1");
        _world.Rollout = _world.Rollout with { Approval = Enum.Parse<Approval>(approval) };
        _world.Cluster.SwapRefusal = new SwapAnswer(SwapResult.Blocked, "flood stage");
        await Publish("v2");
        Assert.Equal(20, _world.Ledger.Candidate!.Verified!.Docs);

        _world.Cluster.All["products-v2-2"].Visible = 17;
        _world.Cluster.SwapRefusal = null;
        _world.Approve = "products-v2-2";
        await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Equal(DatasetCodes.CountMismatch, _world.Grain.Ends[^1].Code);
    }

    [Fact]
    public async Task Without_a_write_block_others_may_add_to_an_index_but_take_nothing_away()
    {
        _world.Rollout = _world.Rollout with { WriteBlock = false };
        await Publish("v1");
        await Publish("v2");
        _world.Cluster.All["products-v1-1"].Visible = 25;

        _world.Rollout = _world.Rollout with { Pin = "v1" };
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);

        _world.Cluster.All["products-v2-2"].Visible = 19;
        _world.Rollout = _world.Rollout with { Pin = null };
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);
    }

    public void Dispose() => _world.Dispose();

    private async Task Publish(string version)
    {
        _world.Source.Add(version, 20);
        await _world.Run();
    }
}
