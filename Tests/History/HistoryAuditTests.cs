using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.History;

public sealed class HistoryAuditTests
{
    private const string Name = "logs";

    private readonly AuditWorld _world = new();

    [Fact]
    public async Task A_history_that_is_whole_has_no_holes_and_every_number_of_its_days_was_judged()
    {
        _world.Create(Name);
        _world.Create("orders");
        for (var day = 0; day < 3; day++)
        {
            _world.Store(Name, 5);
            _world.Store("orders", 2, RecordKind.Transition);
            _world.Days(1);
        }

        var report = await _world.Audit.Run(AuditWorld.Window, Cancellation);

        Assert.Empty(report.Holes);
        Assert.Equal(7, report.Numbers);
    }

    [Fact]
    public async Task A_state_that_cannot_be_worked_from_keeps_no_other_history_from_being_audited()
    {
        var uid = _world.Create("orders");
        _world.Store("orders", 3);
        _world.Objects.Remove(_world.KeyOf(uid, 2));
        _world.Create(Name);
        _world.Document = document => document.Contains($"\"name\":\"{Name}\"", StringComparison.Ordinal)
            ? document.Replace("\"entries\":[]", "\"entries\":[null]", StringComparison.Ordinal)
            : document;

        Assert.Equal(["orders 1:2-2"], await _world.Holes());
    }

    [Theory]
    [InlineData("the first of the epoch", "1")]
    [InlineData("one in the middle", "3")]
    [InlineData("the newest", "6")]
    [InlineData("the newest ones", "5", "6")]
    [InlineData("all", "1", "2", "3", "4", "5", "6")]
    [InlineData("several", "2", "4")]
    public async Task Whatever_somebody_deleted_is_missed(string what, params string[] lost)
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 2, RecordKind.Transition);
        _world.Store(Name, 4);
        foreach (var seq in lost)
        {
            _world.Objects.Remove(_world.KeyOf(uid, long.Parse(seq, null)));
        }

        var hole = Assert.Single((await _world.Audit.Run(AuditWorld.Window, Cancellation)).Holes);

        Assert.True(lost.Length == hole.Count, what);
        Assert.Equal(
            lost.Select(seq => long.Parse(seq, null)),
            hole.Ranges.SelectMany(range => Enumerable.Range(0, (int)(range.ToSeq - range.FromSeq + 1)).Select(i => range.FromSeq + i)));
        Assert.True(hole.Mark.IsCurrent);
    }

    [Fact]
    public async Task A_day_of_which_nothing_is_left_is_missed_at_either_end_of_the_window()
    {
        _world.Create(Name);
        var days = new List<string>();
        for (var day = 0; day < 6; day++)
        {
            days.Add($"dt={_world.Clock.GetUtcNow():yyyy-MM-dd}");
            _world.Store(Name, 2);
            _world.Days(day < 5 ? 1 : 0);
        }

        _world.Expire(key => key.Contains(days[^1], StringComparison.Ordinal) || key.Contains(days[^4], StringComparison.Ordinal));

        Assert.Equal(["logs 1:5-6", "logs 1:11-12"], await _world.Holes());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"SearchCluster","manifest":{"namespace":"prod","name":"bad","uid":null},"outbox":{"line":1,"seq":9}}""")]
    [InlineData("""{"kind":"SearchCluster","manifest":{"namespace":"prod","name":"bad","uid":"u"},"outbox":{"line":1,"seq":9,"entries":[null]}}""")]
    public async Task A_state_that_cannot_be_read_was_not_audited_and_the_others_were(string document)
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 3);
        _world.Objects.Remove(_world.KeyOf(uid, 2));
        _world.Create("bad");
        _world.Damaged["bad"] = document;

        var report = await _world.Audit.Run(AuditWorld.Window, Cancellation);

        Assert.Equal((1, 1L, 3L), (report.Unread, report.Missing, report.Numbers));
    }

    [Fact]
    public async Task What_waits_in_an_outbox_is_not_missing()
    {
        _world.Create(Name);
        _world.Store(Name, 3);
        _world.Add(Name, 3);
        _world.Deliver(Name, limit: 1);

        Assert.Empty(await _world.Holes());
    }

    [Fact]
    public async Task What_arrives_after_days_lies_in_its_own_days_and_is_not_missing()
    {
        _world.Create(Name);
        for (var day = 0; day < 4; day++)
        {
            _world.Add(Name, 2);
            _world.Days(1);
        }

        Assert.Empty(await _world.Holes());
        _world.Deliver(Name);
        Assert.Empty(await _world.Holes());
    }

    [Fact]
    public async Task What_is_recorded_delivered_and_folded_while_the_audit_looks_is_not_missing()
    {
        _world.Create(Name);
        _world.Store(Name, 3);
        _world.Add(Name, 20, bulk: 4_000);
        var once = true;
        _world.Listing = prefix =>
        {
            if (once && prefix.Contains("record=check", StringComparison.Ordinal))
            {
                once = false;
                _world.Add(Name, 60, bulk: 4_000);
                _world.Deliver(Name, limit: 30);
                _world.Add(Name, 3);
            }
        };

        Assert.Empty(await _world.Holes());
        Assert.Contains(_world.State(Name).Outbox.Entries.Select(e => e.Record).Concat(Kinds()), kind => kind is RecordKind.Gap);
        Assert.Empty(await _world.Holes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_folded_is_accounted_for_by_its_gap_stored_or_waiting(bool stored)
    {
        _world.Create(Name);
        _world.Add(Name, 90, bulk: 4_000);
        Assert.Contains(_world.State(Name).Outbox.Entries, entry => entry.Record is RecordKind.Gap);
        if (stored)
        {
            _world.Deliver(Name);
        }

        Assert.Empty(await _world.Holes());
    }

    [Fact]
    public async Task A_gap_that_was_deleted_and_all_that_it_listed_are_missed()
    {
        _world.Create(Name);
        _world.Add(Name, 60, bulk: 4_000);
        _world.Deliver(Name);
        var gap = HistoryObject.Open(_world.Objects.Single(one => one.Key.Contains("record=gap", StringComparison.Ordinal)).Value);
        _world.Expire(key => key.Contains("record=gap", StringComparison.Ordinal));
        var listed = Assert.Single(gap.Missing!.Value);

        Assert.Equal([$"logs 1:{listed.FromSeq}-{listed.ToSeq}", $"logs 1:{gap.Seq}-{gap.Seq}"], await _world.Holes());
    }

    [Fact]
    public async Task The_rest_of_an_epoch_that_its_successor_delivers_or_folds_is_not_missing()
    {
        var old = _world.Create(Name);
        _world.Store(Name, 2);
        _world.Add(Name, 20, bulk: 4_000);
        _world.Delete(Name);
        _world.Create(Name);
        _world.Add(Name, 60, bulk: 4_000);
        Assert.Empty(await _world.Holes());

        _world.Deliver(Name);

        Assert.Empty(await _world.Holes());
        Assert.Contains(RecordKind.Gap, Kinds());

        _world.Objects.Remove(_world.KeyOf(old, 1));
        Assert.Equal(["logs 1:1-1"], await _world.Holes());
    }

    [Fact]
    public async Task What_is_missing_of_an_epoch_before_is_not_laid_at_the_door_of_the_present_one()
    {
        var old = _world.Create(Name);
        _world.Store(Name, 3);
        _world.Delete(Name);
        _world.Create(Name);
        _world.Store(Name, 3);
        _world.Objects.Remove(_world.KeyOf(old, 4));

        var hole = Assert.Single((await _world.Audit.Run(AuditWorld.Window, Cancellation)).Holes);

        Assert.Equal((old, 4L, false), (hole.Mark.Uid, hole.Ranges[0].FromSeq, hole.Mark.IsCurrent));
    }

    [Fact]
    public async Task A_retired_epoch_is_judged_until_its_row_is_purged_and_a_revived_one_goes_on()
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 3);
        _world.Delete(Name);
        _world.Deliver(Name);
        _world.Change(Name, state => state with { Phase = ResourcePhase.Retired });
        Assert.Empty(await _world.Holes());

        _world.Change(Name, state => state with { Phase = ResourcePhase.Active });
        _world.Store(Name, 2);
        Assert.Empty(await _world.Holes());
        _world.Objects.Remove(_world.KeyOf(uid, 4));
        Assert.Equal(["logs 1:4-4"], await _world.Holes());

        _world.Purge(Name);
        Assert.Empty(await _world.Holes());
    }

    [Fact]
    public async Task Of_a_line_that_an_older_copy_of_the_storage_ended_only_what_the_copy_knows_is_judged()
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 3);
        var copy = _world.State(Name);
        _world.Store(Name, 4);
        _world.Objects.Remove(_world.KeyOf(uid, 5));
        _world.Change(Name, _ => copy.Overtake(liveRevision: 100, liveLine: 1));
        _world.Store(Name, 2);
        Assert.Empty(await _world.Holes());

        _world.Objects.Remove(_world.KeyOf(uid, 2));
        _world.Objects.Remove(_world.KeyOf(uid, 1, line: 2));

        Assert.Equal(["logs 1:2-2", "logs 2:1-1"], await _world.Holes());
    }

    [Fact]
    public async Task Checks_that_expired_are_not_missing_and_what_was_lost_since_is()
    {
        var uid = _world.Create(Name);
        _world.Create("orders");
        for (var day = 0; day < 8; day++)
        {
            _world.Store(Name, 2);
            _world.Store(Name, 1, RecordKind.Transition);
            _world.Store("orders", 1);
            _world.Days(1);
        }

        // The fourth day is half gone: that is how lifecycles work.
        var limit = $"dt={_world.Clock.GetUtcNow().AddDays(-4):yyyy-MM-dd}";
        _world.Expire(key => key.Contains("record=check", StringComparison.Ordinal)
            && (string.CompareOrdinal(key[key.IndexOf("dt=", StringComparison.Ordinal)..], limit) < 0
                || (key.Contains(limit, StringComparison.Ordinal) && key.Contains(Name, StringComparison.Ordinal))));
        Assert.Empty(await _world.Holes());

        _world.Objects.Remove(_world.KeyOf(uid, 22));
        Assert.Equal(["logs 1:22-22"], await _world.Holes());
    }

    [Fact]
    public async Task A_store_of_which_all_but_today_expired_raises_no_alarm_over_the_days_before_yesterday()
    {
        _world.Create(Name);
        for (var day = 0; day < 5; day++)
        {
            _world.Store(Name, 2);
            _world.Days(day < 4 ? 1 : 0);
        }

        _world.Expire(key => string.CompareOrdinal(key[key.IndexOf("dt=", StringComparison.Ordinal)..], "dt=2026-03-13") < 0);

        Assert.Empty(await _world.Holes());
    }

    [Fact]
    public async Task Clocks_of_two_silos_that_disagree_around_midnight_make_no_hole_and_hide_none()
    {
        var uid = _world.Create(Name);
        _world.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 11, 0, 0, 1, TimeSpan.Zero));
        for (var i = 0; i < 4; i++)
        {
            _world.Store(Name);
            _world.Clock.AdjustTime(new DateTimeOffset(2026, 3, 10, 23, 59, 58, TimeSpan.Zero));
            _world.Store(Name);
            _world.Clock.AdjustTime(new DateTimeOffset(2026, 3, 11, 0, 0, 2, TimeSpan.Zero));
        }

        Assert.Empty(await _world.Holes());
        _world.Objects.Remove(_world.KeyOf(uid, 4));
        _world.Objects.Remove(_world.KeyOf(uid, 5));
        Assert.Equal(["logs 1:4-5"], await _world.Holes());

        // The silo that audits is behind the one that recorded.
        _world.Clock.AdjustTime(new DateTimeOffset(2026, 3, 10, 23, 59, 59, TimeSpan.Zero));
        Assert.Equal(["logs 1:4-5"], await _world.Holes());
    }

    [Fact]
    public async Task A_clock_that_was_a_week_ahead_for_a_moment_raises_no_alarm_later()
    {
        _world.Create(Name);
        _world.Store(Name, 2);
        var now = _world.Clock.GetUtcNow();
        _world.Days(7);
        _world.Store(Name, 2);
        _world.Clock.AdjustTime(now);
        _world.Store(Name, 2);
        for (var day = 0; day < 10; day++)
        {
            Assert.Empty(await _world.Holes());
            _world.Days(1);
            _world.Store(Name);
        }
    }

    [Fact]
    public async Task Keys_that_are_not_ours_and_resources_that_nobody_knows_mean_nothing()
    {
        var uid = _world.Create(Name);
        _world.Create("stranger");
        _world.Store("stranger", 5);
        _world.Objects.Remove(_world.KeyOf(_world.State("stranger").Uid, 3));
        _world.Purge("stranger");
        _world.Store(Name, 2);
        var folder = HistoryObject.Folder(RecordKind.Check, new DateOnly(2026, 3, 10));
        string[] foreign =
        [
            "x.json.gz", "resource=/x.json.gz", "resource=a/x-y-z-w.json.gz", $"resource=searchcluster.prod.logs.{uid[..8]}/1-1-9.json.gz",
            $"resource=searchcluster.prod.logs.{uid[..8]}/120000-1--9-x.json.gz", $"resource=searchcluster.prod.logs.{uid[..8]}/a",
            $"resource=searchcluster.prod.logs.{uid[..8]}/120000-99999999999999999999-3-x.json.gz",
        ];
        foreach (var key in foreign)
        {
            _world.Objects.Add(folder + key, [1]);
        }

        Assert.Empty(await _world.Holes());
    }

    [Fact]
    public async Task Of_a_row_from_before_days_were_kept_only_what_came_since_is_judged()
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 3);
        _world.Change(Name, state => state with { Outbox = state.Outbox with { Days = null } });
        _world.Objects.Remove(_world.KeyOf(uid, 2));
        Assert.Empty(await _world.Holes());

        _world.Store(Name, 3);
        _world.Objects.Remove(_world.KeyOf(uid, 5));

        Assert.Equal(["logs 1:5-5"], await _world.Holes());
    }

    [Fact]
    public async Task An_object_that_the_store_lists_late_is_looked_for_again_before_anybody_is_alarmed()
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 3);
        _world.Unlisted.Add(_world.KeyOf(uid, 2));

        Assert.Empty(await _world.Holes());
        Assert.Empty(_world.Unlisted);
    }

    [Fact]
    public async Task A_gap_that_cannot_be_read_explains_nothing_and_ends_no_audit()
    {
        _world.Create(Name);
        _world.Add(Name, 60, bulk: 4_000);
        _world.Deliver(Name);
        _world.Objects[_world.Objects.Keys.Single(key => key.Contains("record=gap", StringComparison.Ordinal))] = [1, 2, 3];

        Assert.NotEmpty(await _world.Holes());
    }

    [Fact]
    public async Task A_resource_that_showed_a_hole_is_told_when_it_is_filled_again()
    {
        var uid = _world.Create(Name);
        _world.Store(Name, 3);
        _world.Change(Name, state => state with { MissingRecords = new MissingRecords(_world.Clock.GetUtcNow(), 1, "2") });

        var report = await _world.Audit.Run(AuditWorld.Window, Cancellation);

        Assert.Equal(uid, Assert.Single(report.Whole).Uid);
        Assert.Empty(report.Holes);
    }

    [Fact]
    public async Task Many_resources_are_listed_by_the_day_and_few_suspects_by_themselves()
    {
        for (var i = 0; i < 50; i++)
        {
            _world.Create($"r{i:D2}");
            _world.Store($"r{i:D2}", 2);
        }

        var prefixes = new List<string>();
        _world.Listing = prefixes.Add;
        Assert.Empty(await _world.Holes());
        Assert.DoesNotContain(prefixes, prefix => prefix.Contains("resource=", StringComparison.Ordinal));

        _world.Objects.Remove(_world.KeyOf(_world.State("r07").Uid, 1));
        prefixes.Clear();
        Assert.Equal(["r07 1:1-1"], await _world.Holes());
        Assert.All(
            prefixes.Where(prefix => prefix.Contains("resource=", StringComparison.Ordinal)),
            prefix => Assert.Contains(".r07.", prefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_cannot_list_fails_the_audit_as_a_whole()
    {
        _world.Create(Name);
        _world.Store(Name, 3);
        _world.Listing = prefix => throw new DependencyException(Dependency.History, $"{prefix} was not listed");

        await Assert.ThrowsAsync<DependencyException>(() => _world.Audit.Run(AuditWorld.Window, Cancellation));
    }

    [Fact]
    public void Whatever_happens_nothing_is_missed_that_is_not_missing_and_everything_that_is() =>
        Gen.Int[0, 99].Array[1, 120].Sample(steps => new AuditChaos(steps).Verify(Cancellation), iter: 40);

    private IEnumerable<RecordKind> Kinds() => _world.Objects.Values.Select(body => HistoryObject.Open(body).Record);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
