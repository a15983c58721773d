using System.Collections.Concurrent;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.Watch;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// What can happen to a search cluster while a version is loaded into it. Whatever it is, version 1 stays what readers
/// find until version 2 is there as a whole.
/// </summary>
public sealed class DatasetClusterFaultTests(SharedDatasetWorld shared) : IClassFixture<SharedDatasetWorld>
{
    private static readonly Corpus First = Corpus.Of("v1", 60);

    // More requests than pass at once, so that some meet what has happened.
    private static readonly Corpus Second = Corpus.Of("v2", 200, padding: 4000);

    private static readonly (string, UpdateResult, string?) FirstPromoted = ("v1", UpdateResult.Promoted, null);

    private static readonly (string, UpdateResult, string?) SecondPromoted = ("v2", UpdateResult.Promoted, null);

    [Fact]
    public Task It_restarts() => Midway(Breakage.Restart, _ => Task.CompletedTask);

    [Fact]
    public Task It_dies_and_is_repaired() => Midway(Breakage.Dead, _ => ClusterIs("Unknown"));

    [Fact]
    public Task It_turns_red() => Midway(Breakage.Red, _ => ClusterIs("Critical"));

    [Fact]
    public Task It_fills_its_disks_and_somebody_makes_room() => Midway(
        Breakage.FullDisk, name => Blocked(name, DatasetCodes.IndexBlocked, DatasetCodes.ClusterNotReady));

    [Fact]
    public Task Another_cluster_answers_for_a_while() => Midway(
        Breakage.AnotherUuid, name => Blocked(name, DatasetCodes.AnotherCluster, DatasetCodes.ClusterNotReady));

    [Theory]
    [InlineData(nameof(Breakage.BulkThrottled))]
    [InlineData(nameof(Breakage.Throttled))]
    [InlineData(nameof(Breakage.NoMaster))]
    public async Task It_refuses_for_a_while(string breakage)
    {
        var (refused, seen) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await Midway(Enum.Parse<Breakage>(breakage), async name =>
        {
            using var counting = World.Cluster.Interventions.Add(request =>
            {
                if (request.Bulk > 0 && Interlocked.Increment(ref refused) == 4)
                {
                    seen.TrySetResult();
                }

                return null;
            });
            await Await.Soon(seen.Task);
        });
    }

    [Fact]
    public async Task It_refuses_every_third_document_for_now()
    {
        var name = await Published();
        await World.Cluster.Break(Breakage.ItemsThrottled, Cancellation);
        World.Source(name).Publish(Second);
        await World.Promoted(name, Second.Version);
        await World.Cluster.Heal(Cancellation);

        await AssertHistory(name, Second, FirstPromoted, SecondPromoted);
    }

    [Fact]
    public async Task It_does_what_it_is_told_and_its_answers_are_lost()
    {
        var name = await Published();
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using (World.Cluster.Interventions.Add(request => IsLost(request) ? new Intervention { CutAfter = true } : null))
        {
            World.Source(name).Publish(Second);
            await World.Promoted(name, Second.Version);
        }

        Assert.True(asked.Count >= 5, string.Join(", ", asked.Keys));
        await AssertHistory(name, Second, FirstPromoted, SecondPromoted);

        // The first answer to each change, and every second to those that are asked for in several steps.
        bool IsLost(PretendRequest request)
        {
            if (request.Method == "GET" || (request.Path != "/_aliases" && !request.Path.StartsWith($"/{name}-", StringComparison.Ordinal)))
            {
                return false;
            }

            var times = asked.AddOrUpdate($"{request.Method} {request.Path}", 1, (_, before) => before + 1);
            return request.Path == "/_aliases" ? times % 2 == 1 : times == 1;
        }
    }

    [Fact]
    public async Task It_loses_what_was_loaded()
    {
        var name = await Published();
        using (var gate = new BulkGate(World.Cluster, name))
        {
            World.Source(name).Publish(Second);
            await Await.Soon(gate.Arrived);
            var candidate = Assert.Single(World.Cluster.Indices.All, index => index.Name.StartsWith($"{name}-v2-", StringComparison.Ordinal));
            await World.Delete(candidate.Name);
        }

        await World.Promoted(name, Second.Version);
        await AssertHistory(name, Second, FirstPromoted, ("v2", UpdateResult.Failed, DatasetCodes.IndexLost), SecondPromoted);
    }

    [Fact]
    public async Task A_newer_version_waits_until_the_update_is_finished()
    {
        var name = await Published();
        var third = Corpus.Of("v3", 210);
        await using var reader = new AliasReader(World.Cluster.Url, name, First, Second, third);
        using (var gate = new BulkGate(World.Cluster, name))
        {
            World.Source(name).Publish(Second);
            await Await.Soon(gate.Arrived);
            World.Source(name).Publish(third);
        }

        await World.Promoted(name, third.Version);
        await reader.Verdict();
        await AssertHistory(name, third, FirstPromoted, SecondPromoted, ("v3", UpdateResult.Promoted, null));
    }

    [Fact]
    public async Task A_newer_version_supersedes_the_one_that_is_loaded()
    {
        var name = await Published("""{"rollout": {"onNewVersion": "Supersede"}}""");
        var third = Corpus.Of("v3", 210);
        await using var reader = new AliasReader(World.Cluster.Url, name, First, third);
        using (var gate = new BulkGate(World.Cluster, name))
        {
            World.Source(name).Publish(Second);
            await Await.Soon(gate.Arrived);
            World.Source(name).Publish(third);

            // While there is progress the source is looked at.
            gate.LetPass(2);
            await World.Shown(name, status => (string?)status["candidate"]?["version"] == third.Version);
        }

        await World.Promoted(name, third.Version);
        await reader.Verdict();
        await AssertHistory(
            name, third, FirstPromoted, ("v2", UpdateResult.Superseded, DatasetCodes.NewerVersion), ("v3", UpdateResult.Promoted, null));
    }

    private DatasetWorld World => shared.World;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// It breaks when a part of version 2 has arrived, is healed once its effect is seen; then version 2 arrives as a whole.
    /// </summary>
    private async Task Midway(Breakage breakage, Func<string, Task> seen)
    {
        var name = await Published();
        await using var reader = breakage is Breakage.BulkThrottled ? new AliasReader(World.Cluster.Url, name, First, Second) : null;
        try
        {
            using (var gate = new BulkGate(World.Cluster, name))
            {
                World.Source(name).Publish(Second);
                await Await.Soon(gate.Arrived);
                await World.Cluster.Break(breakage, Cancellation);
            }

            await seen(name);
            First.AssertArrived(World.Arrived(name));
        }
        finally
        {
            await Heal(breakage);
        }

        await World.Promoted(name, Second.Version);
        await (reader?.Verdict() ?? Task.FromResult(0));
        await AssertHistory(name, Second, FirstPromoted, SecondPromoted);
    }

    // One that restarts comes back by itself.
    private Task Heal(Breakage breakage) => breakage is Breakage.Restart ? Task.CompletedTask : World.Cluster.Heal(Cancellation);

    private Task ClusterIs(string verdict) => World.Faults.Shown("logs", status => (string?)status["verdict"] == verdict);

    private Task Blocked(string name, params string[] codes) =>
        World.Shown(name, status => codes.Contains(DatasetWorld.Reason(status, "Progressing")));

    private async Task<string> Published(string spec = "{}")
    {
        await World.Cluster.Heal(Cancellation);
        await ClusterIs("Healthy");
        var name = shared.NewName();
        World.Source(name).Publish(First);
        World.Create(name, spec);
        await World.Promoted(name, First.Version);
        return name;
    }

    private async Task AssertHistory(string name, Corpus last, params (string, UpdateResult, string?)[] updates)
    {
        last.AssertArrived(World.Arrived(name));
        await shared.Follow(() => World.Updates(name) == updates.Length);
        Assert.Equal(updates, World.Ended(name));
        await World.Bury(name);
    }
}
