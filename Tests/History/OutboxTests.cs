using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using CsCheck;

namespace ClusterGrains.Tests.History;

public sealed class OutboxTests
{
    [Fact]
    public void Numbers_run_over_all_kinds_of_record_and_begin_again_with_a_line_or_an_epoch()
    {
        var outbox = new Outbox().Add(Records.Check()).Add(Records.Transition()).Add(Records.Tombstone());
        outbox = outbox.NextLine("a").Add(Records.Check()).NextEpoch("a", "b").Add(Records.Check(uid: "b")).NextLine("b", seen: 7);

        Assert.Equal(
            [("a", 1, 1), ("a", 1, 2), ("a", 1, 3), ("a", 2, 1), ("b", 1, 1)],
            outbox.Entries.Select(e => (e.Uid, e.Line, (int)e.Seq)));
        Assert.Equal((8, 0), (outbox.Line, (int)outbox.Seq));
    }

    [Fact]
    public void An_epoch_that_comes_back_begins_a_line_that_it_never_had_whatever_its_old_status_says()
    {
        var outbox = new Outbox().Add(Records.Check());
        List<int> lines = [];
        for (var restored = 0; restored < 3; restored++)
        {
            outbox = outbox.NextEpoch("a", "b").Add(Records.Check(uid: "b")).NextEpoch("b", "a").NextLine("a", seen: 1).Add(Records.Check());
            lines.Add(outbox.Line);
        }

        Assert.Equal(outbox.Entries.Length, outbox.Entries.Select(entry => (entry.Uid, entry.Line, entry.Seq)).Distinct().Count());
        Assert.Equal(lines.Order().Distinct(), lines);
    }

    [Fact]
    public void A_delivered_entry_leaves_and_an_unknown_key_changes_nothing()
    {
        var outbox = new Outbox().Add(Records.Check()).Add(Records.Transition());

        Assert.Equal(RecordKind.Transition, Assert.Single(outbox.Without(outbox.Entries[0].Key).Entries).Record);
        Assert.Equal(outbox.Entries, outbox.Without("v1/history/of-somebody-else").Entries);
    }

    [Fact]
    public void The_oldest_records_become_one_gap_that_lists_them_and_precedes_the_record_that_needed_the_room()
    {
        var outbox = Fill(new Outbox());
        var last = outbox.Seq;
        outbox = outbox.Add(Records.Check(bulk: 4_000));

        var gap = HistoryObject.Open(Assert.Single(outbox.Entries, e => e.Record is RecordKind.Gap).Body);
        var missing = Assert.Single(Assert.NotNull(gap.Missing));
        Assert.Equal(last + 1, gap.Seq);
        Assert.Equal(last + 2, outbox.Entries[^1].Seq);
        Assert.Equal(new SeqRange("a", 1, 1, outbox.Entries[0].Seq - 1), missing);
        Assert.InRange(outbox.Size(), Outbox.Limit / 2, Outbox.Limit);
    }

    [Fact]
    public void However_long_the_store_is_away_no_update_is_folded()
    {
        var outbox = Fill(new Outbox().Add(Records.Check(bulk: 4_000)).Add(Records.Update())).Add(Records.Check(bulk: 4_000));

        Assert.Contains(outbox.Entries, e => e.Record is RecordKind.Gap);
        Assert.Contains(outbox.Entries, e => e is { Record: RecordKind.Update, Seq: 2 });
    }

    [Fact]
    public void A_gap_of_an_inherited_outbox_names_the_old_epoch_and_leaves_its_tombstone_alone()
    {
        var old = Fill(new Outbox()).Add(Records.Tombstone());
        var outbox = Fill(old.NextEpoch("a", "b"), uid: "b").Add(Records.Check(uid: "b", bulk: 4_000));

        var gap = HistoryObject.Open(outbox.Entries.First(e => e.Record is RecordKind.Gap && e.Uid == "b").Body);
        Assert.Contains(Assert.NotNull(gap.Missing), r => r.Uid == "a" && r.Line == 1);
        Assert.Contains(outbox.Entries, e => e.Record is RecordKind.Tombstone && e.Uid == "a");
    }

    [Fact]
    public void The_outbox_survives_as_json_in_the_state_of_a_grain()
    {
        var outbox = Fill(new Outbox()).Add(Records.Check(bulk: 4_000));

        var read = JsonSerializer.Deserialize<Outbox>(JsonSerializer.Serialize(outbox));

        Assert.Equal(JsonSerializer.Serialize(outbox), JsonSerializer.Serialize(read));
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(outbox).Length, 0, outbox.Size() + 200);
    }

    [Fact]
    public void Whatever_happens_every_number_is_stored_pending_or_listed_in_exactly_one_gap() =>
        Gen.Int[0, 99].Array[1, 400].Sample(
            steps =>
            {
                var world = new OutboxWorld();
                foreach (var step in steps)
                {
                    world.Step(step, answersAreLost: false);
                    world.Verify(exactly: true);
                }
            },
            iter: 60);

    [Fact]
    public void Lost_answers_may_list_what_is_stored_but_never_lose_a_number() =>
        Gen.Int[0, 99].Array[1, 400].Sample(
            steps =>
            {
                var world = new OutboxWorld();
                foreach (var step in steps)
                {
                    world.Step(step, answersAreLost: true);
                    world.Verify(exactly: false);
                }
            },
            iter: 60);

    private static Outbox Fill(Outbox outbox, string uid = "a")
    {
        for (var next = outbox; ; outbox = next)
        {
            next = outbox.Add(Records.Check(uid, bulk: 4_000));
            if (next.Entries.Count(e => e.Record is RecordKind.Gap) > outbox.Entries.Count(e => e.Record is RecordKind.Gap)
                || next.Size() > Outbox.Limit)
            {
                return outbox;
            }
        }
    }
}
