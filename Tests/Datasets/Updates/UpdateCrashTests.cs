using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>The process dies at any moment, and an old one may still be out there.</summary>
public sealed class UpdateCrashTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_moment_a_version_is_promoted_exactly_once_with_one_record(bool after)
    {
        for (var moment = 1; ; moment++)
        {
            using var world = new UpdateWorld();
            await Published(world);
            world.Source.Add("v2", 25, 12);

            world.Mishaps.KillAt(moment, after);
            await Dies(world);
            if (!world.Mishaps.IsDead)
            {
                Assert.True(moment > 30, $"only {moment} moments were tried");
                return;
            }

            world.Mishaps.Restart();
            await Finish(world);
            Holds(world, moment);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Killed_again_and_again_it_comes_through(int seed)
    {
        var chance = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            using var world = new UpdateWorld();
            await Published(world);
            world.Source.Add("v2", 25, 12);
            for (var kill = 0; kill < 5; kill++)
            {
                world.Mishaps.KillAt(chance.Next(1, 60), chance.Next(2) == 0);
                await Dies(world);
            }

            world.Mishaps.Restart();
            await Finish(world);
            Holds(world, round);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_moment_a_bad_version_fails_exactly_once_and_a_rollback_swaps_exactly_once(bool after)
    {
        for (var moment = 1; ; moment++)
        {
            using var bad = new UpdateWorld();
            await Published(bad);
            bad.Source.Add("v2", 3);
            using var back = new UpdateWorld();
            await Published(back);
            back.Source.Add("v2", 30);
            await back.Run();
            back.Rollout = back.Rollout with { Pin = "v1" };

            foreach (var world in (UpdateWorld[])[bad, back])
            {
                world.Mishaps.KillAt(moment, after);
                await Dies(world);
            }

            if (!bad.Mishaps.IsDead && !back.Mishaps.IsDead)
            {
                Assert.True(moment > 20, $"only {moment} moments were tried");
                return;
            }

            bad.Mishaps.Restart();
            await Finish(bad);
            Assert.Equal([UpdateResult.Promoted, UpdateResult.Failed], bad.Grain.Ends.Select(end => end.Result));
            Assert.Equal(["products-v1-1"], bad.Shown);
            back.Mishaps.Restart();
            await Finish(back);
            Assert.Equal([UpdateResult.Promoted, UpdateResult.Promoted, UpdateResult.RolledBack], back.Grain.Ends.Select(end => end.Result));
            Assert.Equal(["products-v1-1", "products-v2-2", "products-v1-1"], back.Cluster.Swaps);
        }
    }

    [Fact]
    public async Task An_edit_at_any_checkpoint_ends_the_run_and_the_next_goes_on()
    {
        for (var checkpoint = 1; checkpoint < 20; checkpoint++)
        {
            using var world = new UpdateWorld();
            await Published(world);
            world.Source.Add("v2", 25, 12);
            var left = checkpoint;
            world.Grain.OnStored = _ => world.Grain.IsEdited = --left == 0;

            await world.Run();
            world.Grain.OnStored = _ => { };
            await Finish(world);

            Holds(world, checkpoint);
        }
    }

    [Fact]
    public async Task A_loader_of_an_old_attempt_writes_nothing_and_promotes_nothing()
    {
        using var world = new UpdateWorld();
        world.Source.Add("v1", 50);
        var zombie = world.Open();
        var slept = new TaskCompletionSource();
        var batches = 0;
        world.Loader.OnBatch = () =>
        {
            if (++batches == 3)
            {
                slept.SetResult();
                slept = new TaskCompletionSource();
                throw new DependencyException(Dependency.SearchCluster, "The zombie sleeps here.");
            }
        };
        await world.Workflow().Run(zombie, TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        Assert.Equal(20, world.Ledger.Candidate!.Position.Line);

        world.Loader.OnBatch = () => { };
        var ledgerOfZombie = world.Ledger;
        await Finish(world);
        var index = world.Cluster.All["products-v1-1"];
        index.Docs["0-0"] = "as the new attempt left it";

        // It wakes with what it knew, and what it knew is not the open run any more.
        await world.Workflow().Run(
            zombie with { Ledger = ledgerOfZombie }, TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        var late = await world.Cluster.Bulk("products-v1-1.a1", "{\"index\":{\"_id\":\"0-0\"}}\nlate\n"u8.ToArray(), 1, TestContext.Current.CancellationToken);

        Assert.Equal(BulkResult.Gone, late.Result);
        Assert.Equal("as the new attempt left it", index.Docs["0-0"]);
        Assert.Single(world.Cluster.Swaps);
        Assert.Single(world.Grain.Ends);
    }

    [Fact]
    public async Task A_run_that_slept_after_it_was_told_to_go_on_asks_again_before_it_swaps()
    {
        using var world = new UpdateWorld();
        await Published(world);
        world.Source.Add("v2", 25, 12);
        var slept = false;
        world.Grain.OnStored = ledger =>
        {
            if (!slept && world.Grain.Stored[^2].Candidate?.Step is UpdateStep.Promote && ledger.Candidate?.Step is UpdateStep.Promote)
            {
                // The answer is on its way when the process stops; when it wakes, a successor is at work.
                slept = true;
                world.Time.Now += TimeSpan.FromMinutes(10);
                world.Grain.Attempt++;
            }
        };

        await world.Run();

        Assert.True(slept);
        Assert.Equal(["products-v1-1"], world.Cluster.Swaps);
        world.Grain.OnStored = _ => { };
        await Finish(world);
        Holds(world, 0);
    }

    [Fact]
    public async Task A_budget_that_ends_mid_load_loses_nothing()
    {
        using var world = new UpdateWorld();
        world.Source.Add("v1", 50);
        using var budget = new CancellationTokenSource();
        var batches = 0;
        world.Loader.OnBatch = () =>
        {
            if (++batches == 3)
            {
                budget.Cancel();
                budget.Token.ThrowIfCancellationRequested();
            }
        };

        var ledger = await world.Run(budget.Token);

        Assert.Equal((UpdateStep.Load, 20L), (ledger.Candidate!.Step, ledger.Candidate.Position.Line));
        Assert.Null(ledger.Blocked);
        world.Loader.OnBatch = () => { };
        await world.Run();
        Assert.Equal(["products-v1-1"], world.Shown);
        Assert.Equal(50, world.Cluster.All["products-v1-1"].Docs.Count);
    }

    private static async Task Published(UpdateWorld world)
    {
        world.Source.Add("v1", 30);
        await world.Run();
    }

    private static async Task Dies(UpdateWorld world)
    {
        try
        {
            await world.Run();
        }
        catch (KilledException)
        {
            // As planned.
        }
    }

    private static async Task Finish(UpdateWorld world)
    {
        for (var run = 0; run < 4; run++)
        {
            await world.Run();
        }
    }

    private static void Holds(UpdateWorld world, int moment)
    {
        var index = Assert.Single(world.Shown);
        Assert.True(index.StartsWith("products-v2-", StringComparison.Ordinal), $"{moment}: {index}");
        Assert.Equal(37, world.Cluster.All[index].Docs.Count);
        Assert.Equal(["v1", "v2"], world.Grain.Ends.Select(end => end.Candidate.Version));
        Assert.All(world.Grain.Ends, end => Assert.Equal(UpdateResult.Promoted, end.Result));
        Assert.Equal(2, world.Cluster.Swaps.Count);
        Assert.Null(world.Ledger.Candidate);
        Assert.Equal("v1", Assert.Single(world.Ledger.Retained).Version);
        Assert.Equal(2, world.History.All.Keys.Count(key => key.Contains("record=plan", StringComparison.Ordinal)));
        Assert.False(world.History.WasRewritten);
    }
}
