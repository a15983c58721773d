using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Verification;
using static ClusterGrains.Tests.Verification.Scene;

namespace ClusterGrains.Tests.Verification;

public sealed class ShownInvariantTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_status_of_the_rows_revision_says_what_the_row_says()
    {
        Show(7, "Critical");

        Assert.Equal("other verdict", _scene.Breaks("Status").Seen);
    }

    [Fact]
    public void A_status_of_the_rows_revision_lags_in_nothing_but_what_waits()
    {
        _scene.Live[Cluster] = _scene.Live[Cluster] with { Status = Shown(7, more: ",\"lastRun\":{}") };
        _scene.Breaks("Status");

        _scene.ClusterRow = Row with { Shown = Replaced("\"pending\":0", "\"pending\":3") };
        _scene.Live[Cluster] = new LiveFacts(Cluster, Uid, 7, Shown(7));
        _scene.Holds();
    }

    [Fact]
    public void A_status_that_lags_may_have_other_times()
    {
        Show(5);
        _scene.ClusterRow = Row with { Shown = Replaced("12:00:00Z", "12:05:00Z") };

        _scene.Holds();
    }

    [Fact]
    public void A_status_that_lags_says_nothing_else()
    {
        Show(5, "Critical");

        Assert.Equal("revision 5", _scene.Breaks("Status").What);
    }

    [Fact]
    public void A_status_that_nobody_wrote_lags()
    {
        _scene.Live[Cluster] = new LiveFacts(Cluster, Uid, 0, default);

        Assert.Equal("no status", _scene.Breaks("Status").Seen);
    }

    [Fact]
    public void A_status_is_never_ahead_of_its_row()
    {
        Show(8);

        Assert.Equal("a later one", _scene.Breaks("Status").Seen);
    }

    [Fact]
    public void A_status_is_bounded()
    {
        var more = $",\"message\":\"{new string('x', StatusText.MaxBytes)}\"";
        _scene.Live[Cluster] = _scene.Live[Cluster] with { Status = Shown(7, more: more) };
        _scene.ClusterRow = Row with { Shown = Shown(7, more: more) };

        Assert.Equal("status", _scene.Breaks("Bounds").What);
    }

    [Theory]
    [InlineData("products-v2-2", "products-v2-2")]
    [InlineData("", "nothing")]
    [InlineData("products-v1-1,products-v2-2", "products-v1-1,products-v2-2")]
    public void An_alias_shows_what_the_ledger_says(string shows, string said)
    {
        _scene.Aliases[Dataset] = new AliasFacts(shows, 1, IsIndex: false);

        Assert.Equal(said, _scene.Breaks("Alias").Seen);
    }

    [Fact]
    public void An_alias_is_no_index()
    {
        _scene.Aliases[Dataset] = new AliasFacts("", 0, IsIndex: true);

        Assert.Equal("an index of that name", _scene.Breaks("Alias").Seen);
    }

    [Fact]
    public void The_one_index_of_an_alias_takes_the_writes()
    {
        _scene.Aliases[Dataset] = new AliasFacts("products-v1-1", null, IsIndex: false);
        _scene.Holds();

        _scene.Aliases[Dataset] = new AliasFacts("products-v1-1", 0, IsIndex: false);
        Assert.Equal("one that does not", _scene.Breaks("Alias").Seen);
    }

    [Fact]
    public void While_the_alias_is_swapped_it_shows_either()
    {
        _scene.DataRow = DatasetRow with { Dataset = DatasetRow.Dataset! with { Shows = ["products-v1-1", "products-v2-2"] } };
        _scene.Aliases[Dataset] = new AliasFacts("products-v2-2", 1, IsIndex: false);

        _scene.Holds();
    }

    [Fact]
    public void An_alias_that_nobody_could_ask_for_proves_nothing()
    {
        _scene.Aliases.Clear();

        _scene.Holds();
    }

    [Fact]
    public void A_row_adopts_what_users_write()
    {
        var adopted = new Stamp(Uid, 3, "intent", "spec");
        _scene.ClusterRow = Row with { Stamp = adopted };
        (Stamp? Live, string? Seen)[] cases =
        [
            (null, null),
            (adopted, null),
            (adopted with { Generation = 4 }, "one of generation 3"),
            (adopted with { SpecHash = "other" }, "one of another spec"),
            (adopted with { Intent = "other" }, "one of other annotations"),
        ];

        foreach (var (live, seen) in cases)
        {
            _scene.Live[Cluster] = _scene.Live[Cluster] with { Stamp = live };
            Assert.Equal(seen is null ? [] : [("Edit", seen)], _scene.Judge().Select(violation => (violation.Invariant, violation.Seen)));
        }

        _scene.ClusterRow = Row;
        _scene.Holds();
    }

    [Fact]
    public void An_edit_is_adopted_in_time_and_not_at_any_moment() => Assert.Contains("Edit", Invariants.Converging);

    private void Show(long revision, string verdict = "Healthy") =>
        _scene.Live[Cluster] = new LiveFacts(Cluster, Uid, revision, Shown(revision, verdict));

    private static ReadOnlyMemory<byte> Replaced(string old, string now) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Shown(7).Span).Replace(old, now, StringComparison.Ordinal));
}
