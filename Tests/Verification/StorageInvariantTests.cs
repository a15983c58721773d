using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Verification;

namespace ClusterGrains.Tests.Verification;

public sealed class StorageInvariantTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void All_is_as_it_must_be() => _scene.Holds();

    [Fact]
    public void A_row_that_cannot_be_read_is_told()
    {
        _scene.ClusterRow = new RowFacts { Row = Scene.Row.Row, Resource = Scene.Cluster, Damage = "'x' is an invalid start of a value." };

        Assert.Contains(_scene.Judge(), violation => violation is { Invariant: "Row", Seen: "'x' is an invalid start of a value." });
    }

    [Fact]
    public void Columns_that_differ_from_the_document_are_told_one_by_one()
    {
        _scene.ClusterRow = Scene.Row with { Columns = ["uid: 'a' instead of 'b'"] };

        var violation = _scene.Breaks("Columns");
        Assert.Equal(("uid", "'a' instead of 'b'"), (violation.What, violation.Seen));
    }

    [Fact]
    public void What_is_too_large_is_told()
    {
        _scene.ClusterRow = Scene.Row with { Oversize = [new SizeFacts("outbox", 262_144, 300_000)] };

        Assert.Equal("outbox", _scene.Breaks("Bounds").What);
    }

    [Fact]
    public void A_live_resource_has_a_row()
    {
        _scene.Rows.RemoveAll(row => row.Resource == Scene.Cluster);
        _scene.Reminders.RemoveAll(reminder => reminder.Resource == Scene.Cluster);
        _scene.Keys.RemoveAll(key => key.Contains(Scene.Epoch, StringComparison.Ordinal));

        Assert.Equal("none", _scene.Breaks("Epoch").Seen);
    }

    [Fact]
    public void A_live_resource_has_the_row_of_its_own_uid()
    {
        _scene.Live[Scene.Cluster] = _scene.Live[Scene.Cluster] with { Uid = Scene.OtherUid };

        Assert.Equal($"uid {Scene.OtherUid}", _scene.Breaks("Epoch").What);
    }

    [Fact]
    public void A_live_resource_is_not_retired()
    {
        _scene.ClusterRow = Scene.Row with { Phase = ResourcePhase.Retired, Seq = 5 };
        _scene.Keys.Add(Scene.Key("tombstone", 5));
        _scene.Reminders.RemoveAll(reminder => reminder.Resource == Scene.Cluster);

        Assert.Contains("Retired", _scene.Breaks("Epoch").Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resource_has_one_row()
    {
        _scene.Rows.Add(Scene.Row with { Row = new StateKey("searchcluster/prod/logs", "other") });

        Assert.Contains(_scene.Judge(), violation => violation is { Invariant: "Epoch", What: "rows" });
    }

    [Fact]
    public void A_resource_that_is_gone_has_no_active_row()
    {
        _scene.Live.Remove(Scene.Cluster);

        Assert.Equal("one", _scene.Breaks("Epoch").Seen);
    }

    [Fact]
    public void Of_resources_that_could_not_be_listed_nothing_is_concluded()
    {
        _scene.Live.Remove(Scene.Cluster);
        _scene.NotListed.Add(Scene.Cluster);

        _scene.Holds();
    }

    [Fact]
    public void An_active_row_has_its_reminder()
    {
        _scene.Reminders.RemoveAll(reminder => reminder.Resource == Scene.Cluster);

        Assert.Equal("none", _scene.Breaks("Reminder").Seen);
    }

    [Fact]
    public void The_reminder_has_the_period_of_the_schedule()
    {
        _scene.Reminders[0] = Scene.Reminder(Scene.Cluster, period: TimeSpan.FromMinutes(1));

        Assert.Equal("period", _scene.Breaks("Reminder").What);
    }

    [Fact]
    public void There_is_no_other_reminder()
    {
        _scene.Reminders.Add(Scene.Reminder(Scene.Cluster, name: "other"));

        Assert.Equal("'other'", _scene.Breaks("Reminder").What);
    }

    [Fact]
    public void A_retired_row_has_no_reminder_and_a_retiring_one_still_has()
    {
        _scene.Live.Remove(Scene.Cluster);
        _scene.ClusterRow = Scene.Row with { Phase = ResourcePhase.Retiring, Seq = 5 };
        _scene.Keys.Add(Scene.Key("tombstone", 5));
        _scene.Holds();

        _scene.ClusterRow = _scene.ClusterRow with { Phase = ResourcePhase.Retired };
        _scene.Breaks("Reminder");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reminder_belongs_to_a_row(bool ofOurKind)
    {
        var gone = new ResourceId(Scene.Cluster.Kind, new ResourceKey("prod", "gone"));
        _scene.Reminders.Add(ofOurKind ? Scene.Reminder(gone) : new ReminderFacts("stranger/x", null, "run", TimeSpan.FromMinutes(1)));

        Assert.Equal(ofOurKind ? "SearchCluster prod/gone" : "stranger/x", _scene.Breaks("Reminder").Resource);
    }
}
