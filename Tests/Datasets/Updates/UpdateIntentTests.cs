using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What people ask for by annotations and edits, and what they are told about it.</summary>
public sealed class UpdateIntentTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    public UpdateIntentTests() => _world.Source.Add("v2", 30);

    [Fact]
    public async Task A_version_may_be_asked_for_again_once_the_annotation_was_taken_out()
    {
        await _world.Run();
        foreach (var index in new[] { "products-v2-2", "products-v2-3" })
        {
            _world.Reload = "v2";
            await _world.Run();
            await _world.Run();
            Assert.Equal([index], _world.Shown);

            _world.Reload = null;
            await _world.Run();
        }

        Assert.Equal(3, _world.Grain.Ends.Count);
    }

    [Theory]
    [InlineData("v1", null, "older than v2")]
    [InlineData("v9", null, "not complete")]
    [InlineData("v1", "v2", "spec.rollout.pin")]
    public async Task A_version_that_is_asked_for_in_vain_is_told(string reload, string? pin, string why)
    {
        _world.Source.Add("v1", 30);
        await _world.Run();
        (_world.Reload, _world.Rollout) = (reload, _world.Rollout with { Pin = pin });

        await _world.Run();
        var note = Assert.Single(_world.Ledger.Notes);
        Assert.Equal((DatasetCodes.ReloadIgnored, reload), (note.Code, note.Object));
        Assert.Contains(why, note.Message, StringComparison.Ordinal);

        _world.Reload = null;
        await _world.Run();
        Assert.Empty(_world.Ledger.Notes);
    }

    [Fact]
    public async Task What_was_asked_for_and_loaded_is_not_told()
    {
        await _world.Run();
        _world.Reload = "v2";

        await _world.Run();
        await _world.Run();

        Assert.Empty(_world.Ledger.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_alias_after_the_intent_ends_the_promotion_as_what_became_of_it(bool wasSwapped)
    {
        _world.Cluster.SwapRefusal = new SwapAnswer(SwapResult.Blocked, "flood stage");
        await _world.Run();
        Assert.Equal(UpdateStep.Promote, _world.Ledger.Candidate!.Step);
        if (wasSwapped)
        {
            _world.Cluster.Point(UpdateWorld.Alias, null, "products-v2-1");
        }

        _world.Cluster.SwapRefusal = null;
        _world.Edit(_world.Spec with { Alias = "goods" });
        await _world.Run();
        Assert.Equal(wasSwapped ? UpdateResult.Promoted : UpdateResult.Superseded, Assert.Single(_world.Grain.Ends).Result);
        Assert.Empty(_world.Cluster.Showing("goods"));

        await _world.Run();
        Assert.Equal(["goods-v2-2"], _world.Cluster.Showing("goods"));
        Assert.Equal(wasSwapped ? ["products-v2-1"] : [], _world.Shown);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_somebody_called_right_stays_when_the_annotation_goes_and_is_said_anew_for_the_next_time(int keepPrevious)
    {
        _world.Rollout = _world.Rollout with { KeepPrevious = keepPrevious, OrphanGrace = TimeSpan.Zero };
        await _world.Run();
        Move("products-v2-1");
        _world.AdoptAlias = "handmade";
        await _world.Run();
        _world.AdoptAlias = null;
        await _world.Run();
        Assert.Equal(["handmade"], _world.Shown);
        Assert.Null(_world.Ledger.Blocked);

        _world.AdoptAlias = "handmade";
        _world.Source.Add("v3", 30);
        await _world.Run();
        Assert.Equal(["products-v3-2"], _world.Shown);
    }

    [Fact]
    public async Task What_was_called_right_once_is_not_right_for_ever()
    {
        await _world.Run();
        Move("products-v2-1");
        _world.AdoptAlias = "handmade";
        await _world.Run();
        _world.Source.Add("v3", 30);
        await _world.Run();
        Assert.Equal(["products-v3-2"], _world.Shown);

        _world.Cluster.Point(UpdateWorld.Alias, "products-v3-2", "handmade");
        await _world.Run();

        Assert.Equal(DatasetCodes.AliasDrift, _world.Ledger.Blocked!.Code);
    }

    [Fact]
    public async Task A_version_on_its_way_is_measured_by_what_readers_have_now()
    {
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };
        _world.Cluster.Add("before", null, UpdateWorld.Alias).Visible = 30;
        await _world.Run();
        _world.Cluster.Add("handmade").Visible = 31;
        _world.Cluster.Point(UpdateWorld.Alias, "before", "handmade");
        _world.AdoptAlias = "handmade";

        await _world.Run();

        Assert.Equal(("handmade", 31), (_world.Ledger.Candidate!.Expected, _world.Ledger.Candidate.Baseline));
    }

    [Fact]
    public async Task The_times_of_a_plan_are_written_as_those_of_the_history()
    {
        await _world.Run();

        var plan = Assert.Single(_world.History.All, one => one.Key.Contains("record=plan", StringComparison.Ordinal)).Value;
        await using var text = new GZipStream(new MemoryStream(plan), CompressionMode.Decompress);
        using var json = await JsonDocument.ParseAsync(text, cancellationToken: TestContext.Current.CancellationToken);
        var startedAt = json.RootElement.GetProperty("startedAt").GetString()!;
        Assert.Equal(
            _world.Grain.Ends[0].Candidate.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            startedAt);
    }

    public void Dispose() => _world.Dispose();

    private void Move(string from)
    {
        _world.Cluster.Add("handmade").Visible = 30;
        _world.Cluster.Point(UpdateWorld.Alias, from, "handmade");
    }
}
