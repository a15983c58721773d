using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.History;
using ClusterGrains.Verification;
using static ClusterGrains.Tests.Verification.Scene;

namespace ClusterGrains.Tests.Verification;

public sealed class HistoryInvariantTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_number_that_is_nowhere_is_a_hole()
    {
        _scene.Keys.Remove(Key("check", 3, Run(2)));

        Assert.Equal($"{Epoch} line 1 number 3", _scene.Breaks("Number").What);
    }

    [Fact]
    public void The_newest_number_is_there_too()
    {
        _scene.ClusterRow = Row with { Seq = 6 };

        Assert.Equal($"{Epoch} line 1 number 5 to 6", _scene.Breaks("Number").What);
    }

    [Fact]
    public void A_whole_line_that_is_nowhere_is_a_hole()
    {
        _scene.Keys.RemoveAll(key => key.Contains(Epoch, StringComparison.Ordinal));

        Assert.Contains(_scene.Judge(), violation => violation is { Invariant: "Number" } && violation.What.EndsWith("1 to 4", StringComparison.Ordinal));
    }

    [Fact]
    public void A_number_that_waits_in_the_outbox_is_there()
    {
        _scene.Keys.Remove(Key("check", 4, Run(3)));
        _scene.ClusterRow = Row with { Pending = [Pending(Key("check", 4, Run(3)))] };

        _scene.Holds();
    }

    [Fact]
    public void A_record_that_was_delivered_and_still_waits_is_told_once() =>
        Holds(Row with { Pending = [Pending(Key("check", 4, Run(3)))] });

    [Fact]
    public void A_number_that_another_record_waits_with_is_told_twice()
    {
        _scene.ClusterRow = Row with { Pending = [Pending(Key("transition", 4))] };

        Assert.Equal($"{Epoch} line 1 number 4", _scene.Breaks("Number").What);
    }

    [Fact]
    public void Numbers_that_a_gap_accounts_for_are_no_hole()
    {
        var gap = Key("gap", 4);
        _scene.Keys.RemoveAll(key => key == Key("check", 2, Run(1)) || key == Key("check", 3, Run(2)) || key == Key("check", 4, Run(3)));
        _scene.Keys.Add(gap);
        _scene.Gaps[gap] = [new SeqRange(Uid, 1, 2, 3)];

        _scene.Holds();
    }

    [Fact]
    public void Numbers_that_a_waiting_gap_accounts_for_are_no_hole()
    {
        _scene.Keys.Remove(Key("check", 2, Run(1)));
        _scene.ClusterRow = Row with { Seq = 5, Pending = [Pending(Key("gap", 5), new SeqRange(Uid, 1, 2, 2))] };

        _scene.Holds();
    }

    [Fact]
    public void A_number_that_two_objects_have_is_told_twice()
    {
        _scene.Keys.Add(Key("transition", 2));

        Assert.Equal("more than once", _scene.Breaks("Number").Seen);
    }

    [Fact]
    public void A_row_knows_every_number_that_is_there()
    {
        _scene.ClusterRow = Row with { Seq = 3 };

        Assert.Equal($"{Epoch} line 1 number end", _scene.Breaks("Number").What);
    }

    [Fact]
    public void A_row_knows_every_line_that_is_there()
    {
        _scene.Keys.Add(Key("transition", 1, line: 2));

        Assert.Equal($"{Epoch} line 2 number end", _scene.Breaks("Number").What);
    }

    [Fact]
    public void What_came_while_the_history_was_listed_is_known_to_the_row_by_then()
    {
        _scene.ClusterRow = Row with { Seq = 3 };
        _scene.Later[Cluster] = (Epoch, 1, 4);

        _scene.Holds();
    }

    [Fact]
    public void The_lowest_numbers_may_have_expired()
    {
        _scene.Keys.RemoveAll(key => key.Contains(Epoch, StringComparison.Ordinal));
        _scene.Keys.AddRange([Key("transition", 3, day: "2026-02-01"), Key("check", 6, Run(2), day: "2026-03-01"), Key("check", 7, Run(3))]);

        Holds(Row with { Seq = 7 });
    }

    [Fact]
    public void What_is_younger_than_what_is_left_has_not_expired()
    {
        _scene.Keys.RemoveAll(key => key.Contains(Epoch, StringComparison.Ordinal));
        _scene.Keys.AddRange([Key("check", 6, Run(2), day: "2026-03-01"), Key("check", 8, Run(3), day: "2026-03-02")]);
        _scene.ClusterRow = Row with { Seq = 8 };

        Assert.Equal($"{Epoch} line 1 number 7", _scene.Breaks("Number").What);
    }

    [Fact]
    public void A_window_begins_with_its_first_number()
    {
        _scene.Since = Today;
        _scene.Keys.RemoveAll(key => key.Contains(Epoch, StringComparison.Ordinal));
        _scene.Keys.AddRange([Key("check", 40, Run(2)), Key("check", 42, Run(3))]);
        _scene.ClusterRow = Row with { Seq = 42 };

        Assert.Equal($"{Epoch} line 1 number 41", _scene.Breaks("Number").What);
    }

    [Fact]
    public void A_resource_that_did_nothing_in_the_window_is_not_missed_in_it()
    {
        _scene.Since = Today;
        _scene.Keys.RemoveAll(key => key.Contains(Epoch, StringComparison.Ordinal));

        Holds(Row with { LastDay = Today.AddDays(-3), LastRun = Row.LastRun! with { FinishedAt = Row.LastRun.FinishedAt.AddDays(-3) } });
    }

    [Fact]
    public void Where_the_history_could_not_be_listed_nothing_is_concluded()
    {
        _scene.Keys.Clear();
        _scene.SawHistory = false;

        _scene.Holds();
    }

    [Fact]
    public void A_record_that_was_opened_is_what_its_name_says()
    {
        var record = Records.Check(Uid, runId: Run(1)) with { Line = 1, Seq = 2, FinishedAt = new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero) };
        var key = Key("check", 2, Run(1));
        _scene.Bodies[key] = record;
        _scene.Holds();

        _scene.Bodies[key] = record with { Seq = 3 };
        Assert.Equal($"{Epoch} line 1 number 2", _scene.Breaks("Record").What);

        _scene.Bodies[key] = record with { Outcome = "Lost" };
        Assert.Equal("outcome Lost", _scene.Breaks("Record").Seen);
    }

    [Fact]
    public void The_last_run_has_its_record()
    {
        _scene.ClusterRow = Row with { LastRun = Row.LastRun! with { RunId = Run(9) } };

        Assert.Equal($"run {Run(9)}", _scene.Breaks("Run").What);
    }

    [Fact]
    public void A_run_has_one_record()
    {
        _scene.Keys.Add(Key("check", 5, Run(3)));
        _scene.ClusterRow = Row with { Seq = 5 };

        Assert.Equal("more than one", _scene.Breaks("Run").Seen);
    }

    [Fact]
    public void A_run_that_was_open_when_the_storage_was_copied_may_end_in_both_lines()
    {
        _scene.Keys.Add(Key("check", 1, Run(3), line: 2));

        Holds(Row with { Line = 2, Seq = 1 });
    }

    [Fact]
    public void An_open_run_has_none_yet()
    {
        _scene.ClusterRow = Row with { Run = Run(3) };
        Assert.Equal("one", _scene.Breaks("Run").Seen);

        Holds(Row with { Run = Run(4) });
    }

    [Fact]
    public void A_run_that_was_opened_is_recorded_waiting_or_open()
    {
        _scene.Opened.AddRange([Run(1), Run(4), Run(5)]);
        _scene.ClusterRow = Row with { Seq = 5, Pending = [Pending(Key("check", 5, Run(5)))], Run = Run(4) };
        _scene.Holds();

        _scene.Opened.Add(Run(6));
        Assert.Equal($"run {Run(6)}", _scene.Breaks("Run").What);
    }

    [Fact]
    public void Nothing_comes_after_the_tombstone_of_an_epoch_that_is_over()
    {
        _scene.Keys.AddRange([Key("tombstone", 5), Key("check", 6, Run(4))]);
        Retired(seq: 6);

        Assert.StartsWith("nothing after its tombstone", _scene.Breaks("Tombstone").Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void An_epoch_that_was_revived_goes_on_after_its_tombstone()
    {
        _scene.Keys.AddRange([Key("tombstone", 5), Key("check", 6, Run(4))]);

        Holds(Row with { Seq = 6 });
    }

    [Fact]
    public void An_epoch_that_is_over_ends_with_its_tombstone()
    {
        Retired(seq: 4);

        Assert.Equal($"{Epoch} line 1 number 4", _scene.Breaks("Tombstone").What);
    }

    [Fact]
    public void An_earlier_epoch_of_the_name_ends_with_its_tombstone()
    {
        const string earlier = "searchcluster.prod.logs.22222222";
        _scene.Keys.Add(Key("check", 1, Run(7), epoch: earlier));
        Assert.Equal(earlier, _scene.Breaks("Tombstone").Resource);

        Holds(Row with { Pending = [Pending(Key("tombstone", 2, epoch: earlier))] });
    }

    [Fact]
    public void A_version_has_one_record()
    {
        _scene.Keys.Add(Key("update", 3, Run(20), epoch: DatasetEpoch));
        _scene.DataRow = DatasetRow with { Seq = 3 };

        Assert.Equal("more than one", _scene.Breaks("Update").Seen);
    }

    [Fact]
    public void A_version_that_was_planned_has_its_record_or_is_under_way()
    {
        _scene.Keys.Add($"v1/history/record=plan/dt=2026-03-10/resource={DatasetEpoch}/120000-{Run(21)}-plan-0123456789abcdef.json.gz");
        Assert.Equal($"run {Run(21)}", _scene.Breaks("Update").What);

        _scene.DataRow = DatasetRow with { Dataset = DatasetRow.Dataset! with { Candidate = Run(21) } };
        _scene.Holds();
    }

    [Fact]
    public void A_version_under_way_has_no_record_yet()
    {
        _scene.DataRow = DatasetRow with { Dataset = DatasetRow.Dataset! with { Candidate = Run(20) } };

        Assert.Equal("one", _scene.Breaks("Update").Seen);
    }

    [Fact]
    public void An_update_that_the_row_remembers_has_its_record()
    {
        _scene.DataRow = DatasetRow with { Dataset = DatasetRow.Dataset! with { Ended = [HistoryName.Parse(Key("update", 2, Run(22), epoch: DatasetEpoch))!] } };

        Assert.Equal($"run {Run(22)}", _scene.Breaks("Update").What);
    }

    private void Retired(long seq)
    {
        _scene.Live.Remove(Cluster);
        _scene.Reminders.RemoveAll(reminder => reminder.Resource == Cluster);
        _scene.ClusterRow = Row with { Phase = ResourcePhase.Retired, Seq = seq };
    }

    private void Holds(RowFacts row)
    {
        _scene.ClusterRow = row;
        _scene.Holds();
    }
}
