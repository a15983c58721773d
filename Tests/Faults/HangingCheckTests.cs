using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.Watch;

namespace ClusterGrains.Tests.Faults;

/// <summary>A silo process that waits for a cluster's answer while somebody edits.</summary>
public sealed class HangingCheckTests
{
    [Fact]
    public async Task An_edit_is_acknowledged_while_a_check_hangs_and_is_what_the_next_check_goes_by()
    {
        await using var world = await FaultWorld.Start(Cancellation);
        // The same cluster by its name, and so by its uuid, at another address.
        await using var moved = await PretendCluster.Start(world.Cluster.Name, world.Cluster.Engine, Cancellation);
        world.Create("logs", schedule: "interval: 12h, requestTimeout: 60s");

        using (var gate = world.HoldAnswers())
        {
            world.StartSilo();
            await Await.Soon(gate.Arrived);
            await world.Edit("logs", $$"""{"endpoints":["{{moved.Url}}"]}""");
            var acknowledged = await world.Shown("logs", status => (long)status["observedGeneration"]! == 2);
            Assert.Null(acknowledged["lastRun"]);
            Assert.Equal(0, moved.Requests());
        }

        // The verdict comes from the first check, the address from the second.
        await world.Shown("logs", status => (string?)status["endpoint"] is { } endpoint && new Uri(endpoint) == moved.Url);
        Assert.True(moved.Requests() > 0);
        var checks = world.Records().Where(record => record.Record is RecordKind.Check).OrderBy(record => record.Seq);
        Assert.Equal(
            [(RunOutcome.Completed, nameof(Verdict.Healthy)), (RunOutcome.Completed, nameof(Verdict.Healthy))],
            checks.Take(2).Select(check => (check.Outcome, check.Verdict)));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
