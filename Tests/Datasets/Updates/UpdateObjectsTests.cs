using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using ClusterGrains.History;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What an update puts into the history itself never counts as something else that lies there.</summary>
public sealed class UpdateObjectsTests : IDisposable
{
    private readonly UpdateWorld _world = new();
    private readonly Candidate _candidate = Ledgers.Candidate("01KE0000000000000000000002");

    [Fact]
    public void The_same_rejected_documents_are_one_object_and_others_are_another()
    {
        var run = _world.Open();

        var (key, body) = Rejected(run, "bad");

        Assert.Equal(key, Rejected(run, "bad").Key);
        Assert.Equal(body, Rejected(run, "bad").Body);
        Assert.NotEqual(key, Rejected(run, "worse").Key);
    }

    [Fact]
    public void A_plan_stays_the_same_when_the_alias_is_adopted_meanwhile()
    {
        var run = _world.Open();
        var version = _world.Source.Add("v2", 3).Frozen("v2");

        var (key, body) = UpdateObjects.Plan(run, _candidate, version);
        var again = UpdateObjects.Plan(run, _candidate with { Expected = "by-hand", Baseline = 7 }, version);

        Assert.Equal((key, Convert.ToHexString(body)), (again.Key, Convert.ToHexString(again.Body)));
        Assert.NotEqual(key, UpdateObjects.Plan(run, _candidate with { Index = "products-v2-3" }, version).Key);
    }

    public void Dispose() => _world.Dispose();

    private (string Key, byte[] Body) Rejected(UpdateRun run, string raw) =>
        UpdateObjects.Rejected(run, _candidate, 0, [new RejectedDocument("part-0.ndjson", 7, null, 400, "invalid_json", "bad", raw)]);
}
