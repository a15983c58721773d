using ClusterGrains.History;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.Resources;
using ClusterGrains.Watch;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Watch;

/// <summary>Whole silos that miss changes, because they are down or because their watch is dead, and what finds them.</summary>
public sealed class MissedChangesTests
{
    /// <summary>A dead watch is given up so soon, instead of after 75 s.</summary>
    private static readonly WatchOptions Impatient = new() { InactivityDeadline = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task What_changes_behind_a_watch_that_went_silent_arrives_when_the_relay_gives_it_up()
    {
        await using var world = await SiloWorld.Create(suspended: true);
        world.Create("a", "b", "c");
        await world.Start(options: Impatient);
        await Watching(world);

        world.Api.Faults.SilenceWatches();
        await Change(world);

        await world.Converged();
        Assert.Empty(world.Drift);
    }

    [Fact]
    public async Task While_every_watch_is_a_black_hole_one_sweep_finds_what_changes()
    {
        await using var world = await SiloWorld.Create(suspended: true);
        world.Create("a", "b", "c");
        await world.Start();
        await Watching(world);

        world.Api.Faults.BlackHole(new FaultScope(Watch: true));
        await Change(world);

        Assert.True(await world.Sweep());
        await world.Converged();
        Assert.Equal(["1 gone repaired", "1 missing repaired", "2 changed repaired"], world.Drift);
    }

    [Fact]
    public async Task Without_a_relay_resources_are_found_at_the_start_and_by_every_sweep()
    {
        await using var world = await SiloWorld.Create(suspended: true);
        world.Create("a", "b", "c");
        world.Api.Faults.AnswerNext(1, 429, scope: new FaultScope("GET", "/searchclusters"));
        await world.Start(relay: false);
        await world.Until(() => world.Api.Faults.Pending == 0);
        await world.Converged();
        Assert.Equal(["3 missing repaired"], world.Drift);

        await Change(world);

        Assert.True(await world.Sweep());
        await world.Converged();
        Assert.Equal(["1 gone repaired", "2 changed repaired", "4 missing repaired"], world.Drift);
        Assert.Null(world.Silo.GetRequiredService<WatchHealth>().RelayAnswered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_restored_api_server_says_is_believed_although_it_is_older(bool relay)
    {
        await using var world = await SiloWorld.Create(suspended: true);
        world.Create("a", "b", "c");
        await world.Start(relay, Impatient);
        await world.Converged();
        world.Api.Faults.Backup();
        await Change(world);
        Assert.True(relay || await world.Sweep());
        await world.Converged();

        Assert.True(world.Api.Faults.Restore());

        Assert.True(relay || await world.Sweep());
        await world.Converged();
        Assert.Equal(["a", "b", "c"], (await world.Live()).Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_hour_of_absence_a_thousand_resources_converge_by_relay_or_by_sweep_alone(bool relay)
    {
        await using var world = await SiloWorld.Create();
        var names = Enumerable.Range(0, 1_000).Select(i => $"c{i:000}").ToArray();
        world.Create(names);
        await world.Start();
        await world.Until(() => world.Count(RecordKind.Check) >= names.Length);
        await world.Converged();
        var before = await world.Live();
        await world.Stop();

        var (deleted, recreated, edited) = (names[..100], names[100..200], names[200..300]);
        await Task.WhenAll(deleted.Select(world.Delete));
        await Task.WhenAll(recreated.Select(world.Recreate));
        await Task.WhenAll(edited.Select(name => world.Edit(name)));
        await world.Start(relay, later: TimeSpan.FromHours(1));
        await world.Until(() => world.Count(RecordKind.Tombstone) >= 200);
        await world.Converged();
        await world.Until(async () => await world.Reminders() == 900);

        var live = await world.Live();
        var rows = await world.Rows();
        Assert.Equal(deleted, rows.Where(row => row.Phase == "Retired").Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            recreated, live.Values.Where(now => before[now.Name].Uid != now.Uid).Select(now => now.Name).Order(StringComparer.Ordinal));
        Assert.All(edited, name => Assert.Equal(2, live[name].Observed));
        Assert.True(await world.Sweep());

        // A grain that has a turn of its own notices by its status that its object is gone; of an edit only a sweep could know.
        Assert.Equal(relay, !world.Drift.Any());

        await world.Until(() => world.Count(RecordKind.Check) >= names.Length + recreated.Length + edited.Length);
        await world.Stop();
        var records = world.Records();
        Unbroken.Assert(records);
        Assert.Equal(
            deleted.Concat(recreated).Select(name => before[name].Uid).Order(StringComparer.Ordinal),
            records.Where(record => record.Record is RecordKind.Tombstone)
                .Select(record => record.Target.Uid).Order(StringComparer.Ordinal));
    }

    /// <summary>Returns when the watch is open: an edit has come through it.</summary>
    private static async Task Watching(SiloWorld world)
    {
        await world.Converged();
        await world.Edit("a", "6s");
        await world.Converged();
    }

    /// <summary>One of each: an edit, a delete, a re-creation, a creation.</summary>
    private static async Task Change(SiloWorld world)
    {
        await world.Edit("a");
        await world.Delete("b");
        await world.Recreate("c");
        world.Create("d");
    }
}
