using System.Diagnostics;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Datasets.Updates;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>Updates as a trace shows them.</summary>
public sealed class UpdateTraceTests : IDisposable
{
    private readonly SpanLog _spans = new();
    private readonly UpdateWorld _world = new();

    [Fact]
    public async Task Every_step_of_an_update_is_a_span_with_what_it_came_to()
    {
        _world.Source.Add("v1", 25, 7);

        var trace = await Run();

        Assert.Equal(
            ["look", "guard", "choose", "plan", "queue", "create", "load", "settle", "verify", "promote", "prune"],
            trace.Where(span => span.Source.Name == DatasetTraces.SourceName).Select(span => (string)span.GetTagItem("clustergrains.step")!));
        Assert.All(trace.Where(span => span.DisplayName is "update load" or "update verify"), span => Assert.Equal(
            ("v1", "products-v1-1", 32L),
            ((string?)span.GetTagItem("clustergrains.version"), (string?)span.GetTagItem("clustergrains.index"), (long)span.GetTagItem("clustergrains.documents")!)));
    }

    [Fact]
    public async Task A_step_says_what_the_update_waits_for_or_failed_of()
    {
        _world.Rollout = _world.Rollout with { Approval = Approval.Manual };
        _world.Source.Add("v1", 25, 7);

        var promote = (await Run()).Single(span => span.DisplayName == "update promote");

        Assert.Equal(
            ("Wait", DatasetCodes.ApprovalPending, ActivityStatusCode.Unset),
            ((string?)promote.GetTagItem("clustergrains.halt"), (string?)promote.GetTagItem("clustergrains.code"), promote.Status));
    }

    [Fact]
    public async Task The_checkpoints_of_a_load_are_in_no_trace()
    {
        _world.Source.Add("v1", 25, 7);
        var (loading, others) = (new List<Activity?>(), new List<Activity?>());
        _world.Grain.OnStored = ledger =>
            (ledger.Candidate is { Step: UpdateStep.Load, Counts.Lines: > 0 } ? loading : others).Add(Activity.Current);

        await Run();

        Assert.Equal(4, loading.Count);
        Assert.All(loading, Assert.Null);
        Assert.All(others, Assert.NotNull);
    }

    public void Dispose()
    {
        _world.Dispose();
        _spans.Dispose();
    }

    private async Task<IReadOnlyList<Activity>> Run()
    {
        using var root = ResourceTraces.Tick(SearchDatasets.Kind, new ResourceKey("shop", SpanLog.NewName()));
        await _world.Run();
        return _spans.Of(root!.TraceId);
    }
}
