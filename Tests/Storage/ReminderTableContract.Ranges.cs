namespace ClusterGrains.Tests.Storage;

/// <summary>How the table is cut into ranges of the ring.</summary>
public abstract partial class ReminderTableContract
{
    [Fact]
    public async Task The_whole_ring_is_every_reminder_exactly_once()
    {
        for (var i = 0; i < 50; i++)
        {
            await Table.UpsertRow(Entry($"grain-{i}", "r"), Cancellation);
        }

        var all = (await Table.ReadRows(0, 0, Cancellation)).Reminders;

        Assert.Equal(50, all.Count);
        Assert.Equal(50, all.Select(row => row.GrainId).Distinct().Count());
        Assert.Equal(50, (await Table.ReadRows(uint.MaxValue, uint.MaxValue, Cancellation)).Reminders.Count);
    }

    [Fact]
    public async Task Any_range_holds_the_hashes_above_its_begin_up_to_its_end_and_wraps()
    {
        var hashes = await UpsertMany(100);
        var random = new Random(42);

        for (var range = 0; range < 1000; range++)
        {
            var begin = (uint)random.NextInt64(uint.MaxValue + 1L);
            var end = (uint)random.NextInt64(uint.MaxValue + 1L);
            await AssertRange(hashes, begin, end);
        }
    }

    [Fact]
    public async Task A_range_excludes_its_begin_and_includes_its_end()
    {
        var hashes = await UpsertMany(20);

        foreach (var hash in hashes)
        {
            await AssertRange(hashes, hash - 1, hash);
            await AssertRange(hashes, hash, hash + 1);
            await AssertRange(hashes, hash, hash);
        }
    }

    [Fact]
    public async Task Hashes_are_ordered_as_unsigned_numbers()
    {
        var hashes = await UpsertMany(100);

        Assert.Contains(hashes, hash => hash > int.MaxValue);
        Assert.Contains(hashes, hash => hash <= int.MaxValue);
        await AssertRange(hashes, int.MaxValue, uint.MaxValue);
        await AssertRange(hashes, 0, int.MaxValue);
        await AssertRange(hashes, uint.MaxValue - 1, int.MaxValue);
    }

    [Fact]
    public async Task Reading_a_range_removes_nothing_outside_it()
    {
        var hashes = await UpsertMany(20);
        var one = hashes.Min();

        await Table.ReadRows(one - 1, one, Cancellation);

        await AssertRange(hashes, 0, 0);
    }

    [Fact]
    public async Task Clearing_the_table_removes_every_reminder()
    {
        await UpsertMany(10);

        await Table.TestOnlyClearTable(Cancellation);

        Assert.Empty((await Table.ReadRows(0, 0, Cancellation)).Reminders);
    }

    private async Task AssertRange(List<uint> hashes, uint begin, uint end)
    {
        var expected = hashes.Where(hash => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end);
        var actual = (await Table.ReadRows(begin, end, Cancellation)).Reminders;
        Assert.Equal(expected.Order(), actual.Select(row => row.GrainId.GetUniformHashCode()).Order());
    }
}
