using System.Diagnostics.Metrics;
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
    [InlineData("{}", 1, "no usable 'manifest'")]
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

    [Theory]
    [InlineData("outbox", "null")]
    [InlineData("manifest", "null")]
    [InlineData("manifest", """{"namespace":"prod","name":"logs","uid":null,"generation":1,"resourceVersion":"1","createdAt":"2026-01-01T00:00:00Z","spec":"{}"}""")]
    [InlineData("work", "null")]
    [InlineData("kind", "null")]
    [InlineData("phase", "\"None\"")]
    [InlineData("phase", "9")]
    [InlineData("accepted", """{"generation":1,"spec":null}""")]
    [InlineData("outbox", """{"line":1,"seq":1,"entries":[null]}""")]
    [InlineData("outbox", """{"line":1,"seq":1,"entries":null}""")]
    [InlineData("conditions", "null")]
    public async Task One_state_that_parses_and_cannot_be_worked_from_turns_Unknown_and_the_other_resource_goes_on(
        string member, string value)
    {
        var ((damaged, _), (other, _)) = (await Running(), await Running());
        var asked = _world.Probe.Asked;
        await Damage(damaged, document =>
        {
            var state = JsonNode.Parse(document)!.AsObject();
            state[member] = JsonNode.Parse(value);
            return state.ToJsonString();
        });

        // One late resource after the other.
        Assert.Null(await Watchdog.Round(Cancellation));
        Assert.Null(await Watchdog.Round(Cancellation));

        await _world.Probe.Begun(asked + 1);
        Assert.True(_world.Storage.Index(other.ToString())!.LateAt > _world.Clock.GetUtcNow());
        var status = _world.Api.StatusOf(damaged)!;
        Assert.Equal(("Unknown", "StateUnreadable"), ((string?)status["verdict"], (string?)status["reason"]));
        Assert.Contains("cannot be read: correct its row", (string?)status["message"], StringComparison.Ordinal);
        Assert.Equal(1, Metrics.Damaged);
    }

    [Fact]
    public async Task Columns_that_cannot_be_read_are_written_again_from_a_state_that_can()
    {
        var ((key, uid), (other, _)) = (await Running(), await Running());
        var (whole, others) = (_world.Storage.Index(key.ToString())!, _world.Storage.Index(other.ToString()));
        _world.Storage.Reindex(key.ToString(), row => row with { Generation = 0, LateAt = null, Phase = "", Damage = "generation, lateAt, phase" });
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        Assert.Null(await _world.Part<WatchdogAudit>().Round(Cancellation));
        Assert.Null(await _world.Part<WatchdogAudit>().Round(Cancellation));

        Assert.Equal(whole with { Revision = whole.Revision + 1 }, _world.Storage.Index(key.ToString()));
        Assert.Equal(others, _world.Storage.Index(other.ToString()));
        Assert.Equal(1, repairs.Columns);
        Assert.Equal("Healthy", (string?)_world.Api.StatusOf(key)!["verdict"]);
        Unbroken.Assert(_world.History.Of(uid));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","suspend":true""")]
    public async Task A_row_without_its_kind_which_no_list_shows_is_written_again_with_all_its_columns(string more)
    {
        var (key, _) = await Running(more, more.Length == 0 ? "Healthy" : "Suspended");
        var (other, _) = await Running();
        var (whole, others) = (_world.Storage.Index(key.ToString())!, _world.Storage.Index(other.ToString()));
        _world.Storage.Reindex(key.ToString(), row => row with { Kind = "searchcluster", Damage = "kind" });
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        Assert.Null(await _world.Part<WatchdogAudit>().Round(Cancellation));
        Assert.Null(await _world.Part<WatchdogAudit>().Round(Cancellation));

        Assert.Equal(whole with { Revision = whole.Revision + 1 }, _world.Storage.Index(key.ToString()));
        Assert.Equal(others, _world.Storage.Index(other.ToString()));
        Assert.Equal((1, 0), (repairs.Columns, repairs.Reminders));
    }

    [Fact]
    public async Task A_row_without_its_kind_is_late_like_any_other()
    {
        var (key, _) = await Running();
        _world.Storage.Reindex(key.ToString(), row => row with { Kind = "searchcluster", Damage = "kind" });
        var asked = _world.Probe.Asked;
        _world.Clock.Advance(Late);

        Assert.Null(await Watchdog.Round(Cancellation));

        await _world.Probe.Begun(asked + 1);
    }

    [Fact]
    public async Task Columns_that_cannot_be_read_beside_a_state_that_cannot_either_turn_the_status_Unknown_and_nothing_is_written()
    {
        var ((key, _), (other, _)) = (await Running(), await Running());
        await Damage(key, "}");
        _world.Storage.Reindex(key.ToString(), row => row with { LateAt = null, Phase = "", Damage = "lateAt, phase" });
        var before = _world.Storage.Index(key.ToString());
        using var repairs = new RepairCount(_world.Part<IMeterFactory>());

        Assert.Null(await _world.Part<WatchdogAudit>().Round(Cancellation));

        Assert.Equal("Unknown", (string?)_world.Api.StatusOf(key)!["verdict"]);
        Assert.Equal("Healthy", (string?)_world.Api.StatusOf(other)!["verdict"]);
        Assert.Equal((before, 0, 1), (_world.Storage.Index(key.ToString()), repairs.Columns, Metrics.Damaged));
    }

    [Fact]
    public async Task A_deleted_resource_whose_state_cannot_be_read_is_neither_retired_nor_begun_anew()
    {
        var (key, uid) = await Running();
        await Damage(key, document => document.Replace("\"manifest\":", "\"manifesto\":", StringComparison.Ordinal));
        var (before, records) = (_world.Storage.Index(key.ToString()), _world.History.Of(uid).Count);

        await Assert.ThrowsAnyAsync<Exception>(() => _world.Grain(key).Vanished(uid, Cancellation));
        await Assert.ThrowsAnyAsync<Exception>(
            () => _world.Grain(key).Observe(_world.Api.Apply(key, GrainWorld.Spec(), Guid.NewGuid().ToString()), Cancellation));

        Assert.Equal((before, records), (_world.Storage.Index(key.ToString()), _world.History.Of(uid).Count));
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

    private Task Damage(ResourceKey key, string document, int schemaVersion = 1) => Damage(key, _ => document, schemaVersion);

    private async Task Damage(ResourceKey key, Func<string, string> edit, int schemaVersion = 1)
    {
        await _world.Forget(key);
        _world.Storage.Damage(key.ToString(), edit, schemaVersion);
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
