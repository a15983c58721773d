using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>The texts of a ConfigMap, which anybody may edit after the spec that names it was accepted.</summary>
public sealed class UpdateTextsTests : IDisposable
{
    private readonly UpdateWorld _world = new();

    public UpdateTextsTests()
    {
        _world.Source.Add("v1", 30);
        _world.Edit(_world.Spec with { Index = new IndexSpec { ConfigMapRef = new ConfigMapRef("texts") } });
    }

    [Fact]
    public async Task A_missing_ConfigMap_is_waited_for()
    {
        Assert.Contains("There is no such ConfigMap", await Waits(), StringComparison.Ordinal);

        await GoesOn();
        Assert.Contains("strict", _world.Cluster.All["products-v1-1"].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mappings.json", "[", ": Write JSON; line 1 is none.")]
    [InlineData("mappings.json", """{"dynamic":true,"dynamic":false}""", ": Write each name once.")]
    [InlineData("mappings.json", """{"_meta":{"clustergrains":{}}}""", "._meta.clustergrains: Take it out")]
    [InlineData("settings.json", """{"index":{"translog.durability":"async"}}""", ".index.translog.durability: Take it out")]
    [InlineData("settings.json", """{"index.lifecycle.name":"delete"}""", ".index.lifecycle.name: Take it out")]
    public async Task A_text_that_a_spec_would_be_refused_for_is_refused_when_it_is_used(string key, string text, string problem)
    {
        _world.ConfigMaps.All["texts"] = new() { [key] = text };

        Assert.Contains($"ConfigMap texts/{key}{problem}", await Waits(), StringComparison.Ordinal);

        await GoesOn();
    }

    [Fact]
    public async Task A_text_that_was_edited_during_the_load_is_refused_before_readers_are_served_with_it()
    {
        _world.ConfigMaps.All["texts"] = new() { ["settings.json"] = "{}" };
        _world.Loader.OnBatch = () => _world.ConfigMaps.All["texts"] = new() { ["settings.json"] = """{"blocks.read_only":true}""" };

        await Waits();
        Assert.Equal(UpdateStep.Settle, _world.Ledger.Candidate!.Step);

        await GoesOn();
    }

    public void Dispose() => _world.Dispose();

    private async Task<string> Waits()
    {
        await _world.Run();
        Assert.Equal(DatasetCodes.ConfigMapMissing, _world.Ledger.Blocked?.Code);
        Assert.Empty(_world.Shown);
        return _world.Ledger.Blocked!.Message;
    }

    private async Task GoesOn()
    {
        _world.ConfigMaps.All["texts"] = new() { ["mappings.json"] = """{"dynamic":"strict"}""" };
        _world.Loader.OnBatch = () => { };
        await _world.Run();
        Assert.Equal(["products-v1-1"], _world.Shown);
    }
}
