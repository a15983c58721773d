namespace ClusterGrains.Tests.Storage;

/// <summary>
/// What Orleans' reminder service expects of its table, whatever is below it. The cases are those of Orleans' own
/// reminder tests and kit.
/// </summary>
public abstract partial class ReminderTableContract
{
    private static readonly DateTime Start = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc).AddTicks(1234567);

    private protected abstract IReminderTable Table { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A table that must not share rows with <see cref="Table"/>.</summary>
    private protected abstract IReminderTable OtherTable();

    [Fact]
    public async Task Starting_twice_does_no_harm()
    {
        await Table.UpsertRow(Entry("a", "r"), Cancellation);

        await Table.StartAsync(Cancellation);
        await Table.StartAsync(Cancellation);

        Assert.NotNull(await Table.ReadRow(Id("a"), "r", Cancellation));
    }

    [Fact]
    public async Task Starting_with_a_cancelled_token_is_cancelled()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Table.StartAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Stopped_and_started_again_it_goes_on()
    {
        await Table.UpsertRow(Entry("a", "before"), Cancellation);

        await Table.StopAsync(Cancellation);
        await Table.StartAsync(Cancellation);
        await Table.UpsertRow(Entry("a", "after"), Cancellation);

        Assert.Equal(2, (await Table.ReadRows(Id("a"), Cancellation)).Reminders.Count);
    }

    [Fact]
    public async Task Every_upsert_gives_a_new_ETag_that_the_row_then_has()
    {
        var first = await Table.UpsertRow(Entry("a", "r"), Cancellation);
        Assert.False(string.IsNullOrEmpty(first));
        Assert.Equal(first, (await Table.ReadRow(Id("a"), "r", Cancellation))!.ETag);

        var second = await Table.UpsertRow(Entry("a", "r"), Cancellation);
        Assert.NotEqual(first, second);
        Assert.Equal(second, (await Table.ReadRow(Id("a"), "r", Cancellation))!.ETag);
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Unspecified)]
    public async Task The_schedule_is_kept_to_the_tick(DateTimeKind kind)
    {
        var entry = Entry("a", "r");
        entry.StartAt = DateTime.SpecifyKind(Start, kind);
        entry.Period = TimeSpan.FromMinutes(5) + TimeSpan.FromTicks(3);

        await Table.UpsertRow(entry, Cancellation);

        var read = await Table.ReadRow(Id("a"), "r", Cancellation);
        Assert.Equal(Start, read!.StartAt);
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.Equal(entry.Period, read.Period);
    }

    [Fact]
    public async Task An_upsert_replaces_start_and_period_without_a_second_row()
    {
        await Table.UpsertRow(Entry("a", "r"), Cancellation);
        var moved = Entry("a", "r");
        moved.StartAt = Start.AddDays(40);
        moved.Period = TimeSpan.FromHours(3);

        await Table.UpsertRow(moved, Cancellation);

        var read = Assert.Single((await Table.ReadRows(Id("a"), Cancellation)).Reminders);
        Assert.Equal(moved.StartAt, read.StartAt);
        Assert.Equal(moved.Period, read.Period);
    }

    [Fact]
    public async Task The_last_upsert_wins_whatever_ETag_it_carries()
    {
        var entry = Entry("a", "r");
        entry.ETag = await Table.UpsertRow(entry, Cancellation);
        var other = await Table.UpsertRow(Entry("a", "r"), Cancellation);

        var etag = await Table.UpsertRow(entry, Cancellation);

        Assert.NotEqual(other, etag);
        Assert.Equal(etag, (await Table.ReadRow(Id("a"), "r", Cancellation))!.ETag);
    }

    [Fact]
    public async Task A_missing_reminder_is_null()
    {
        await Table.UpsertRow(Entry("a", "r"), Cancellation);

        Assert.Null(await Table.ReadRow(Id("a"), "other", Cancellation));
        Assert.Null(await Table.ReadRow(Id("b"), "r", Cancellation));
    }

    [Fact]
    public async Task A_removed_reminder_is_null()
    {
        var etag = await Table.UpsertRow(Entry("a", "r"), Cancellation);

        await Table.RemoveRow(Id("a"), "r", etag!, Cancellation);

        Assert.Null(await Table.ReadRow(Id("a"), "r", Cancellation));
        Assert.Empty((await Table.ReadRows(Id("a"), Cancellation)).Reminders);
        Assert.Empty((await Table.ReadRows(0, 0, Cancellation)).Reminders);
    }

    [Fact]
    public async Task A_grain_has_its_own_reminders_only()
    {
        await Table.UpsertRow(Entry("a", "1"), Cancellation);
        await Table.UpsertRow(Entry("a", "2"), Cancellation);
        await Table.UpsertRow(Entry("b", "1"), Cancellation);

        var ofA = (await Table.ReadRows(Id("a"), Cancellation)).Reminders;
        Assert.Equal(["1", "2"], ofA.Select(row => row.ReminderName).Order());
        Assert.Empty((await Table.ReadRows(Id("c"), Cancellation)).Reminders);
    }

    [Theory]
    [InlineData("foo/bar\\#b_a_z?")]
    [InlineData("имя 'quoted' \"twice\"; DROP TABLE reminder;--%_")]
    [InlineData("\ud83d\ude00")]
    public async Task Special_characters_in_names_and_keys_are_kept(string text)
    {
        var etag = await Table.UpsertRow(Entry(text, text), Cancellation);

        var read = await Table.ReadRow(Id(text), text, Cancellation);
        Assert.Equal(Id(text), read!.GrainId);
        Assert.Equal(text, read.ReminderName);
        Assert.True(await Table.RemoveRow(Id(text), text, etag!, Cancellation));
    }

    [Fact]
    public async Task A_reminder_is_its_grain_and_its_name()
    {
        var ofOne = await Table.UpsertRow(Entry("a", "r", "one"), Cancellation);
        await Table.UpsertRow(Entry("a", "r", "two"), Cancellation);
        await Table.UpsertRow(Entry("a", "other", "one"), Cancellation);

        Assert.True(await Table.RemoveRow(GrainId.Create("one", "a"), "r", ofOne!, Cancellation));

        Assert.Equal(2, (await Table.ReadRows(0, 0, Cancellation)).Reminders.Count);
    }

    [Fact]
    public async Task Only_the_current_ETag_and_the_right_name_remove_and_only_once()
    {
        var stale = await Table.UpsertRow(Entry("a", "r"), Cancellation);
        var current = await Table.UpsertRow(Entry("a", "r"), Cancellation);

        Assert.False(await Table.RemoveRow(Id("a"), "r", stale!, Cancellation));
        Assert.NotNull(await Table.ReadRow(Id("a"), "r", Cancellation));
        Assert.False(await Table.RemoveRow(Id("a"), "other", current!, Cancellation));
        Assert.True(await Table.RemoveRow(Id("a"), "r", current!, Cancellation));
        Assert.False(await Table.RemoveRow(Id("a"), "r", current!, Cancellation));
    }

    [Fact]
    public async Task Parallel_upserts_of_one_reminder_get_distinct_ETags_of_which_one_stays()
    {
        var etags = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Table.UpsertRow(Entry("a", "r"), Cancellation)));

        Assert.Equal(5, etags.Distinct().Count());
        Assert.Contains((await Table.ReadRow(Id("a"), "r", Cancellation))!.ETag, etags);
    }

    [Fact]
    public async Task Parallel_upserts_of_many_grains_stay_apart()
    {
        await Parallel.ForAsync(0, 100, Cancellation, async (grain, _) =>
        {
            for (var reminder = 0; reminder < 5; reminder++)
            {
                var entry = Entry($"grain-{grain}", $"{reminder}");
                entry.Period = TimeSpan.FromMinutes(grain + 1);
                await Table.UpsertRow(entry, Cancellation);
            }
        });

        for (var grain = 0; grain < 100; grain++)
        {
            var rows = (await Table.ReadRows(Id($"grain-{grain}"), Cancellation)).Reminders;
            Assert.Equal(5, rows.Count);
            Assert.All(rows, row => Assert.Equal(TimeSpan.FromMinutes(grain + 1), row.Period));
        }
    }

    [Theory]
    [InlineData("startAt", "soon")]
    [InlineData("periodTicks", "long")]
    [InlineData("periodTicks", 0L)]
    public async Task A_reminder_that_cannot_be_read_hides_no_other_and_is_as_good_as_missing(string column, object value)
    {
        await Table.UpsertRow(Entry("a", "r"), Cancellation);
        await Table.UpsertRow(Entry("b", "r"), Cancellation);
        await Spoil("sample/a", "r", column, value);

        Assert.Equal(Id("b"), Assert.Single((await Table.ReadRows(0, 0, Cancellation)).Reminders).GrainId);
        Assert.Empty((await Table.ReadRows(Id("a"), Cancellation)).Reminders);
        Assert.Null(await Table.ReadRow(Id("a"), "r", Cancellation));

        await Table.UpsertRow(Entry("a", "r"), Cancellation);
        Assert.Equal(2, (await Table.ReadRows(0, 0, Cancellation)).Reminders.Count);
    }

    /// <summary>Puts a value into a column behind everybody's back.</summary>
    private protected abstract Task Spoil(string grainId, string name, string column, object value);

    [Fact]
    public async Task Separate_tables_share_no_reminders()
    {
        var other = OtherTable();
        await Table.UpsertRow(Entry("a", "r"), Cancellation);
        await other.UpsertRow(Entry("b", "r"), Cancellation);

        await other.TestOnlyClearTable(Cancellation);

        Assert.Single((await Table.ReadRows(0, 0, Cancellation)).Reminders);
        Assert.Empty((await other.ReadRows(0, 0, Cancellation)).Reminders);
    }

    [Fact]
    public async Task A_cancelled_upsert_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Table.UpsertRow(Entry("a", "r"), new CancellationToken(canceled: true)));

        Assert.Null(await Table.ReadRow(Id("a"), "r", Cancellation));
    }

    private static GrainId Id(string key) => GrainId.Create("sample", key);

    private static ReminderEntry Entry(string key, string name, string grainType = "sample") => new()
    {
        GrainId = GrainId.Create(grainType, key),
        ReminderName = name,
        StartAt = Start,
        Period = TimeSpan.FromMinutes(5),
    };

    private async Task<List<uint>> UpsertMany(int count)
    {
        var entries = Enumerable.Range(0, count).Select(i => Entry($"grain-{i}", "r")).ToList();
        await Task.WhenAll(entries.Select(entry => Table.UpsertRow(entry, Cancellation)));
        return [.. entries.Select(entry => entry.GrainId.GetUniformHashCode())];
    }
}
