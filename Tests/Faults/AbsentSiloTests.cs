using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.Watch;

namespace ClusterGrains.Tests.Faults;

/// <summary>What happens to resources while no silo runs, and what the next silo makes of it.</summary>
public sealed class AbsentSiloTests
{
    private const string Name = "logs";

    [Fact]
    public async Task Deleted_while_no_silo_runs_a_resource_is_buried_by_the_next_one()
    {
        await using var world = await FaultWorld.Start(Cancellation);
        world.Create(Name);
        world.StartSilo();
        await world.Shown(Name, IsChecked);
        await world.StopSilo(Cancellation);

        await world.Delete(Name);
        (await world.Get(Name)).Expect(HttpStatusCode.NotFound);
        world.StartSilo();
        Assert.True(await world.Until(world.AllBuried, Cancellation));
        await world.KillSilo(Cancellation);
        await world.AssertInvariants();
    }

    [Fact]
    public async Task Deleted_and_created_again_while_no_silo_runs_a_name_begins_a_fresh_epoch()
    {
        await using var world = await FaultWorld.Start(Cancellation);
        await using var other = await PretendCluster.Start("other", PretendEngine.Elasticsearch8, Cancellation);
        await world.Cluster.Break(Breakage.Red, Cancellation);
        world.Create(Name);
        world.StartSilo();
        var old = await world.Shown(Name, IsChecked);
        Assert.Equal(nameof(Verdict.Critical), (string?)old["verdict"]);
        var oldUid = (await world.Get(Name)).Uid;
        await world.StopSilo(Cancellation);

        await world.Delete(Name);
        world.Create(Name, other);
        var newUid = (await world.Get(Name)).Uid;
        string[] traces =
            [.. world.Opened, oldUid[..8], (string)old["clusterUuid"]!, "OpenSearch", nameof(Verdict.Critical), world.Cluster.Url.Authority];
        await Await.Soon(NothingIsShownOf(traces, world));
        await world.Delete(Name);
        Assert.True(await world.Until(world.AllBuried, Cancellation));
        await world.KillSilo(Cancellation);

        await world.AssertInvariants();
        Assert.Equal(
            [oldUid, newUid],
            from record in world.Records()
            where record.Record is RecordKind.Tombstone
            orderby record.FinishedAt
            select record.Target.Uid);
    }

    /// <summary>Every version of the resource from before the silo starts until a check is shown.</summary>
    private static async Task NothingIsShownOf(string[] traces, FaultWorld world)
    {
        using var watch = await world.Watch(Name);
        world.StartSilo();
        JsonObject? status;
        do
        {
            status = (await watch.Next()).Object["status"] as JsonObject;
            Assert.All(traces, trace => Assert.DoesNotContain(trace, status?.ToJsonString() ?? "", StringComparison.Ordinal));
        }
        while (status is null || !IsChecked(status));

        Assert.Equal(1, (long)status["history"]!["line"]!);
    }

    private static bool IsChecked(JsonObject status) => status["lastRun"] is not null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
