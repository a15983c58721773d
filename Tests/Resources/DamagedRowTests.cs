using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

/// <summary>Resources whose stored state no grain can work from.</summary>
public sealed class DamagedRowTests : IAsyncLifetime
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    private readonly GrainWorld _world = new() { WatchdogOptions = new WatchdogOptions { MaxLate = 1 } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Watchdog Watchdog => _world.Part<Watchdog>();

    private WatchdogMetrics Metrics => _world.Part<WatchdogMetrics>();

    public async ValueTask InitializeAsync()
    {
        await _world.InitializeAsync();
        Assert.Equal(TimeSpan.Zero, Metrics.RoundAge);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("{\"phase\":\"Acti", 1, "cannot be read: correct its row")]
    [InlineData("{\"phase\":7.5}", 1, "cannot be read: correct its row")]
    [InlineData("null", 1, "cannot be read: correct its row")]
    [InlineData("{}", 2, "Run the newer version.")]
    public async Task A_green_status_that_nobody_can_refresh_turns_Unknown_and_says_why_with_the_cure(
        string document, int schemaVersion, string cure)
    {
        var (key, uid) = await Running();
        var before = _world.Api.StatusOf(key)!;
        await Damage(key, document, schemaVersion);

        Assert.Null(await Watchdog.Round(Cancellation));

        var status = _world.Api.StatusOf(key)!;
        Assert.Equal(("Unknown", "StateUnreadable"), ((string?)status["verdict"], (string?)status["reason"]));
        Assert.Contains(cure, (string?)status["message"], StringComparison.Ordinal);
        Assert.Equal((long)before["revision"]!, (long)status["revision"]!);
        Assert.True(JsonNode.DeepEquals(before["history"], status["history"]));
        Assert.Null(status["nextRun"]);
        Assert.All(status["conditions"]!.AsArray(), condition => Assert.Equal(
            ("Unknown", "StateUnreadable"), ((string?)condition!["status"], (string?)condition["reason"])));
        var told = Assert.Single(_world.Api.Events, one => one.Reason == "StateUnreadable");
        Assert.Equal((uid, true), (told.Uid, told.Warning));
        Assert.Equal((1, 1), (Metrics.Damaged, Metrics.Late));
    }

    [Fact]
    public async Task It_is_told_once_and_looked_at_again_from_time_to_time()
    {
        var (key, _) = await Running();
        await Damage(key, "}");
        await Watchdog.Round(Cancellation);
        var (writes, looks) = (_world.Api.StatusWrites(key), _world.Storage.Pages);

        for (var round = 0; round < 12; round++)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Null(await Watchdog.Round(Cancellation));
        }

        Assert.Equal((writes, looks + 2), (_world.Api.StatusWrites(key), _world.Storage.Pages));
        Assert.Single(_world.Api.Events, one => one.Reason == "StateUnreadable");
    }

    [Fact]
    public async Task Once_the_row_is_whole_again_the_next_round_shows_what_is_true()
    {
        var (key, uid) = await Running();
        var whole = _world.Storage.Backup(key.ToString());
        await Damage(key, "}");
        await Watchdog.Round(Cancellation);
        _world.Storage.Restore(key.ToString(), whole);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await Watchdog.Round(Cancellation));

        await _world.Api.Status(key, status => (string?)status["verdict"] == "Healthy", "Healthy");
        Assert.Equal(0, Metrics.Damaged);
        Unbroken.Assert(_world.History.Of(uid));
    }

    [Fact]
    public async Task A_status_that_could_not_be_turned_is_tried_again_with_the_next_round()
    {
        var (key, _) = await Running();
        await Damage(key, "}");
        _world.Api.Down = true;
        Assert.Null(await Watchdog.Round(Cancellation));
        _world.Api.Down = false;

        Assert.Null(await Watchdog.Round(Cancellation));

        Assert.Equal("Unknown", (string?)_world.Api.StatusOf(key)!["verdict"]);
    }

    [Fact]
    public async Task A_resource_without_any_status_gets_one_that_says_why()
    {
        var (key, _) = await Running();
        await Damage(key, "}");
        _world.Api.OverwriteStatus(key, null);

        Assert.Null(await Watchdog.Round(Cancellation));

        var status = _world.Api.StatusOf(key)!;
        Assert.Equal("Ready", (string?)Assert.Single(status["conditions"]!.AsArray())!["type"]);
        Assert.Equal("Unknown", (string?)status["verdict"]);
    }

    [Fact]
    public async Task Damaged_rows_do_not_crowd_out_the_late_ones()
    {
        var (damaged, _) = await Running();
        await Damage(damaged, "}");
        await Watchdog.Round(Cancellation);
        var (key, _) = await Running();
        var asked = _world.Probe.Asked;
        _world.Clock.Advance(Late);

        Assert.Null(await Watchdog.Round(Cancellation));

        await _world.Probe.Begun(asked + 1);
        Assert.True(_world.Storage.Index(key.ToString())!.LateAt > _world.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_suspended_resource_that_is_never_late_shows_its_damage_in_the_comparison()
    {
        var (key, _) = await Running(""","suspend":true""", "Suspended");
        await Damage(key, "}");

        Assert.Null(await Watchdog.Round(Cancellation));
        Assert.Equal("Suspended", (string?)_world.Api.StatusOf(key)!["verdict"]);
        Assert.Null(await _world.Part<WatchdogAudit>().Round(Cancellation));

        Assert.Equal("Unknown", (string?)_world.Api.StatusOf(key)!["verdict"]);
    }

    private async Task Damage(ResourceKey key, string document, int schemaVersion = 1)
    {
        await _world.Forget(key);
        _world.Storage.Damage(key.ToString(), _ => document, schemaVersion);
        _world.Clock.Advance(Late);
    }

    private async Task<(ResourceKey Key, string Uid)> Running(string more = "", string verdict = "Healthy")
    {
        var (key, uid) = (_world.NewKey(), Guid.NewGuid().ToString());
        await _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(more: more), uid), Cancellation);
        await _world.Api.Status(key, status => (string?)status["verdict"] == verdict, verdict);
        return (key, uid);
    }
}
