using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>What the relay, the sweep and the API expect of the index, whatever is below it.</summary>
public abstract partial class ResourceIndexContract
{
    private protected abstract IGrainStorage Storage { get; }

    private protected abstract IResourceIndex Index { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_written_state_is_in_the_index_with_all_its_columns()
    {
        var state = new SampleState
        {
            Name = "orders",
            Revision = long.MaxValue,
            Claim = "alias orders",
            Summary = """{"verdict":"Healthy"}""",
            NextDue = new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(2)).AddTicks(1),
            CreatedAt = new DateTimeOffset(2026, 3, 1, 2, 30, 0, TimeSpan.FromHours(9)),
            LateAt = new DateTimeOffset(2026, 3, 29, 2, 31, 0, TimeSpan.FromHours(2)).AddTicks(1),
            Silo = "10.0.0.1:11111@131",
        };

        await Write(state);

        Assert.Equal([state.Index], await Index.List("Sample", Cancellation));
        Assert.Equal(state.Index, await Index.Find("Sample", new ResourceKey("default", "orders"), Cancellation));
    }

    [Fact]
    public async Task Empty_columns_stay_empty()
    {
        await Write(new SampleState { Name = "a" });

        var row = Assert.Single(await Index.List("Sample", Cancellation));

        Assert.Null(row.NextDue);
        Assert.Null(row.Claim);
        Assert.Null(row.Summary);
        Assert.Null(row.CreatedAt);
        Assert.Null(row.LateAt);
        Assert.Null(row.Silo);
    }

    [Fact]
    public async Task The_list_is_ordered_by_name_and_has_one_kind_only()
    {
        foreach (var name in (string[])["b", "a-b", "a", "ab", "B"])
        {
            await Write(new SampleState { Name = name });
        }

        var rows = await Index.List("Sample", Cancellation);

        Assert.Equal(["B", "a", "a-b", "ab", "b"], rows.Select(row => row.Name));
        Assert.Empty(await Index.List("Other", Cancellation));
    }

    [Fact]
    public async Task Of_those_who_claim_the_same_the_oldest_comes_first_and_then_the_lower_uid()
    {
        var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        await Write(new SampleState { Name = "c", Claim = "uuid/orders", CreatedAt = at });
        await Write(new SampleState { Name = "b", Claim = "uuid/orders", CreatedAt = at });
        await Write(new SampleState { Name = "a", Claim = "uuid/orders", CreatedAt = at.AddHours(1).ToOffset(TimeSpan.FromHours(-5)) });
        await Write(new SampleState { Name = "d", Claim = "uuid/orders", CreatedAt = at.AddSeconds(-1).ToOffset(TimeSpan.FromHours(9)) });
        await Write(new SampleState { Name = "e", Claim = "uuid/other", CreatedAt = at.AddDays(-1) });
        await Write(new SampleState { Name = "f", CreatedAt = at.AddDays(-1) });

        var claims = await Index.ListClaims("uuid/orders", Cancellation);

        Assert.Equal(["d", "b", "c", "a"], claims.Select(row => row.Name));
        Assert.Empty(await Index.ListClaims("uuid", Cancellation));
        Assert.Empty(await Index.ListClaims("UUID/orders", Cancellation));
    }

    [Fact]
    public async Task A_claim_that_is_given_up_is_listed_no_more()
    {
        var state = await Write(new SampleState { Name = "a", Claim = "uuid/orders" });
        Assert.Single(await Index.ListClaims("uuid/orders", Cancellation));

        state.State = new SampleState { Name = "a" };
        await Storage.WriteStateAsync("state", Id("a"), state, Cancellation);

        Assert.Empty(await Index.ListClaims("uuid/orders", Cancellation));
    }

    [Fact]
    public async Task The_late_are_listed_of_all_kinds_from_their_time_on_and_the_latest_first()
    {
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        await Write(new SampleState { Name = "now", LateAt = now.ToOffset(TimeSpan.FromHours(9)) });
        await Write(new SampleState { Name = "soon", LateAt = now.AddTicks(1) });
        await Write(new SampleState { Name = "long", LateAt = now.AddDays(-1).ToOffset(TimeSpan.FromHours(-9)) });
        await Write(new SampleState { Name = "never", NextDue = now.AddDays(-1) });
        await Write(new SampleState { Name = "a-moment", LateAt = now.AddTicks(-1) });

        Assert.Equal(["long", "a-moment", "now"], Names(await Index.ListLate(now, 10, Cancellation)));
        Assert.Equal(["long", "a-moment"], Names(await Index.ListLate(now, 2, Cancellation)));
        Assert.Empty(await Index.ListLate(now.AddDays(-2), 10, Cancellation));
    }

    [Fact]
    public async Task Rows_are_found_by_the_silo_that_wrote_them_last()
    {
        var state = await Write(new SampleState { Name = "moved", Silo = "10.0.0.1:11111@1" });
        await Write(new SampleState { Name = "stays", Silo = "10.0.0.1:11111@1" });
        await Write(new SampleState { Name = "successor", Silo = "10.0.0.1:11111@12" });
        await Write(new SampleState { Name = "unknown" });

        state.State = state.State! with { Silo = "10.0.0.2:11111@1" };
        await Storage.WriteStateAsync("state", Id("moved"), state, Cancellation);

        Assert.Equal(["stays"], Names(await Index.ListWrittenBy("10.0.0.1:11111@1", Cancellation)));
        Assert.Equal(["moved"], Names(await Index.ListWrittenBy("10.0.0.2:11111@1", Cancellation)));
    }

    [Fact]
    public async Task The_index_follows_every_write()
    {
        var state = await Write(new SampleState { Name = "a", Revision = 1, Claim = "x" });
        state.State = new SampleState { Name = "a", Revision = 2 };

        await Storage.WriteStateAsync("state", Id("a"), state, Cancellation);

        Assert.Equal([state.State.Index], await Index.List("Sample", Cancellation));
    }

    [Fact]
    public async Task A_refused_write_leaves_the_index_as_it_was()
    {
        var state = await Write(new SampleState { Name = "a", Revision = 1 });
        var stale = new GrainState<SampleState>(new SampleState { Name = "a", Revision = 2 }, "stale");

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("state", Id("a"), stale, Cancellation));

        Assert.Equal([state.State!.Index], await Index.List("Sample", Cancellation));
    }

    [Fact]
    public async Task A_cleared_state_leaves_the_index()
    {
        var state = await Write(new SampleState { Name = "a" });

        await Storage.ClearStateAsync("state", Id("a"), state, Cancellation);

        Assert.Empty(await Index.List("Sample", Cancellation));
        Assert.Null(await Index.Find("Sample", new ResourceKey("default", "a"), Cancellation));
    }

    [Fact]
    public async Task A_state_without_index_is_not_listed()
    {
        var state = new GrainState<PlainState>(new PlainState { Value = 1 }, null!);

        await Storage.WriteStateAsync("state", GrainId.Create("plain", "default/a"), state, Cancellation);

        Assert.Empty(await Index.List("Sample", Cancellation));
        Assert.Null(await Index.Find("Sample", new ResourceKey("default", "a"), Cancellation));
    }

    [Fact]
    public async Task Find_looks_at_kind_namespace_and_name()
    {
        await Write(new SampleState { Name = "a" });

        Assert.Null(await Index.Find("Other", new ResourceKey("default", "a"), Cancellation));
        Assert.Null(await Index.Find("Sample", new ResourceKey("other", "a"), Cancellation));
        Assert.Null(await Index.Find("Sample", new ResourceKey("default", "b"), Cancellation));
    }

    /// <summary>A column of a row that is there, and what somebody wrote into it.</summary>
    public static TheoryData<string, object?> Spoilt => new()
    {
        { "uid", null },
        { "generation", "many" },
        { "generation", 1.5 },
        { "intent", null },
        { "phase", null },
        { "nextDue", "soon" },
        { "revision", null },
        { "summary", "{" },
        { "summary", "[]" },
        { "createdAt", "2026-03-01" },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task A_row_with_a_column_that_cannot_be_read_hides_no_other_and_says_which(string column, object? value)
    {
        await Write(Sample("a"));
        var other = await Write(Sample("b"));
        await Spoil("a", column, value);

        var rows = await Index.List("Sample", Cancellation);

        Assert.Equal(("a", column), (rows[0].Name, rows[0].Damage));
        Assert.Equal([other.State!.Index], rows.Skip(1));
        Assert.Equal(rows[0], await Index.Find("Sample", new ResourceKey("default", "a"), Cancellation));
        Assert.Equal(2, (await Index.ListLate(At, 10, Cancellation)).Count);
        Assert.Equal(2, (await Index.ListClaims("uuid/orders", Cancellation)).Count);
        Assert.Equal(2, (await Index.ListWrittenBy("10.0.0.1:11111@1", Cancellation)).Count);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("namespace")]
    public async Task A_row_without_a_name_has_that_of_its_grain(string column)
    {
        await Write(Sample("a"));
        await Write(Sample("b"));
        await Spoil("a", column, null);

        var rows = await Index.List("Sample", Cancellation);

        Assert.Equal(["default/a", "default/b"], rows.Select(row => $"{row.Namespace}/{row.Name}").Order());
        Assert.Equal(column, rows.Single(row => row.Name == "a").Damage);
    }

    [Fact]
    public async Task A_row_without_its_kind_says_the_type_of_its_grain_to_those_who_do_not_ask_for_a_kind()
    {
        var state = await Write(Sample("a"));
        await Write(Sample("b"));
        await Spoil("a", "kind", null);

        Assert.Equal(["b"], Names(await Index.List("Sample", Cancellation)));
        var expected = state.State!.Index with { Kind = "sample", Damage = "kind" };
        Assert.Contains(expected, await Index.ListLate(At, 10, Cancellation));
        Assert.Contains(expected, await Index.ListClaims("uuid/orders", Cancellation));
        Assert.Contains(expected, await Index.ListWrittenBy("10.0.0.1:11111@1", Cancellation));
    }

    [Fact]
    public async Task Whatever_became_of_the_columns_the_grain_reads_its_state_and_the_next_write_makes_them_whole()
    {
        var state = await Write(Sample("a"));
        await Spoil("a", "generation", "many");
        await Spoil("a", "kind", null);
        Assert.Empty(await Index.List("Sample", Cancellation));

        var read = new GrainState<SampleState>();
        await Storage.ReadStateAsync("state", Id("a"), read, Cancellation);
        Assert.Equal(state.State, read.State);
        await Storage.WriteStateAsync("state", Id("a"), read, Cancellation);

        Assert.Equal([state.State!.Index], await Index.List("Sample", Cancellation));
    }

    /// <summary>Puts a value into a column behind everybody's back.</summary>
    private protected abstract Task Spoil(string name, string column, object? value);

    private static readonly DateTimeOffset At = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static SampleState Sample(string name) => new()
    {
        Name = name, Revision = 3, NextDue = At, LateAt = At, CreatedAt = At, Claim = "uuid/orders", Summary = "{}", Silo = "10.0.0.1:11111@1",
    };

    private static IEnumerable<string> Names(IEnumerable<IndexRow> rows) => rows.Select(row => row.Name);

    private static GrainId Id(string name, string @namespace = "default") => GrainId.Create("sample", $"{@namespace}/{name}");

    private protected async Task<GrainState<SampleState>> Write(SampleState sample)
    {
        var state = new GrainState<SampleState>(sample, null!);
        await Storage.WriteStateAsync("state", Id(sample.Name, sample.Namespace), state, Cancellation);
        return state;
    }
}
