using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What goes on in the source or behind the alias while a version is on its way.</summary>
public sealed class UpdateSourceTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    [Fact]
    public async Task A_folder_under_construction_that_cannot_be_read_keeps_no_complete_version_back()
    {
        _world.Source.Add("v1", 30);
        _world.Source.Add("v2", 30).HasMarker = false;
        _world.Source.All["v2"].Undigestible = new DependencyException(Dependency.Source, "A file went away.");

        var ledger = await _world.Run();

        Assert.Equal(["products-v1-1"], _world.Shown);
        Assert.Null(ledger.Blocked);
        Assert.Equal(("v1", (string?)null), (ledger.Look!.Latest, ledger.Look.Unmarked));
    }

    [Theory]
    [InlineData(nameof(Approval.Manual), 40, DatasetCodes.Shrunk)]
    [InlineData(nameof(Approval.Manual), 30, null)]
    [InlineData(nameof(Approval.Auto), 40, DatasetCodes.Shrunk)]
    public async Task What_is_adopted_mid_way_is_what_the_version_is_measured_by(string approval, int docs, string? code)
    {
        _world.Source.Add("v1", 30);
        await _world.Run();
        _world.Rollout = _world.Rollout with { Approval = Enum.Parse<Approval>(approval) };
        _world.Source.Add("v2", 30);
        if (approval == nameof(Approval.Auto))
        {
            _world.Loader.EndsWith = new(ClusterGrains.Datasets.Loading.LoadResult.Busy, new(0, 0, 0), new());
        }

        await _world.Run();
        _world.Cluster.Add("by-hand").Visible = docs;
        _world.Cluster.Point(UpdateWorld.Alias, "products-v1-1", "by-hand");
        (_world.AdoptAlias, _world.Approve, _world.Loader.EndsWith) = ("by-hand", "products-v2-2", null);
        await _world.Run();

        Assert.Equal(code is null ? "products-v2-2" : "by-hand", Assert.Single(_world.Shown));
        Assert.Equal(code ?? "", _world.Grain.Ends[^1].Code);
        Assert.Equal(docs, _world.Grain.Ends[^1].Candidate.Baseline);
    }

    [Fact]
    public async Task A_pin_that_is_taken_out_ends_the_way_back()
    {
        _world.Source.Add("v3", 30);
        await _world.Run();
        _world.Source.All.Remove("v3");
        _world.Source.Add("v2", 30);
        _world.Rollout = _world.Rollout with { Pin = "v2", Approval = Approval.Manual };
        await _world.Run();
        Assert.Equal("v2", _world.Ledger.Candidate!.Version);

        _world.Rollout = _world.Rollout with { Pin = null, Approval = Approval.Auto };
        await _world.Run();
        await _world.Run();

        Assert.Equal(DatasetCodes.PinChanged, _world.Grain.Ends[^1].Code);
        Assert.Equal(["products-v3-1"], _world.Shown);
    }

    public void Dispose() => _world.Dispose();
}
