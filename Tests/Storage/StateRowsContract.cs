using ClusterGrains.Storage;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>What those who check or move the whole storage expect of its rows, whatever is below.</summary>
public abstract class StateRowsContract
{
    private protected abstract IGrainStorage Storage { get; }

    private protected abstract IStateRows Rows { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_is_told_with_its_document_its_etag_and_its_columns()
    {
        var sample = new SampleState { Name = "a", Summary = "{}", Padding = "\u00e4\ud83d\ude00" };
        var state = new GrainState<SampleState>(sample, null!);
        await Storage.WriteStateAsync("state", GrainId.Create("sample", "default/a"), state, Cancellation);

        var row = Assert.Single(await Rows.Page(null, 10, Cancellation));

        Assert.Equal(new StateKey("sample/default/a", "state"), row.Key);
        Assert.Equal(state.ETag, row.ETag);
        Assert.Equal(1, row.SchemaVersion);
        Assert.Equal(sample.Index, row.Index);
        Assert.Equal(sample, System.Text.Json.JsonSerializer.Deserialize(row.Document, SampleJson.Default.SampleState));
    }

    [Fact]
    public async Task A_state_that_is_in_no_index_has_a_row_too()
    {
        var state = new GrainState<PlainState>(new PlainState { Value = 1 }, null!);
        await Storage.WriteStateAsync("state", GrainId.Create("plain", "default/a"), state, Cancellation);

        Assert.Null(Assert.Single(await Rows.Page(null, 10, Cancellation)).Index);
    }

    [Fact]
    public async Task A_row_without_its_kind_is_of_the_index_all_the_same_and_damaged()
    {
        var sample = new SampleState { Name = "a" };
        await Storage.WriteStateAsync("state", GrainId.Create("sample", "default/a"), new GrainState<SampleState>(sample, null!), Cancellation);
        await Spoil("sample/default/a", "kind", null);

        var row = Assert.Single(await Rows.Page(null, 10, Cancellation));

        Assert.Null(row.Damage);
        Assert.Equal(sample.Index with { Kind = "sample", Damage = "kind" }, row.Index);
    }

    [Fact]
    public async Task Pages_are_in_order_and_leave_nothing_out()
    {
        string[] names = ["b", "a-b", "a", "ab", "B"];
        foreach (var name in names)
        {
            var state = new GrainState<SampleState>(new SampleState { Name = name }, null!);
            await Storage.WriteStateAsync("state", GrainId.Create("sample", name), state, Cancellation);
            await Storage.WriteStateAsync("other", GrainId.Create("sample", name), new GrainState<PlainState>(new(), null!), Cancellation);
        }

        var seen = new List<StateKey>();
        IReadOnlyList<StateRow> page;
        do
        {
            page = await Rows.Page(seen.Count == 0 ? null : seen[^1], 3, Cancellation);
            Assert.True(page.Count <= 3);
            seen.AddRange(page.Select(row => row.Key));
        }
        while (page.Count == 3);

        Assert.Equal(
            from name in names.Order(StringComparer.Ordinal)
            from state in (string[])["other", "state"]
            select new StateKey($"sample/{name}", state),
            seen);
    }

    [Fact]
    public async Task A_grain_s_own_row_is_the_first_one_behind_its_id_with_no_name()
    {
        foreach (var name in (string[])["a", "a-b", "b"])
        {
            var state = new GrainState<SampleState>(new SampleState { Name = name }, null!);
            await Storage.WriteStateAsync("state", GrainId.Create("sample", name), state, Cancellation);
        }

        var row = Assert.Single(await Rows.Page(new StateKey("sample/a-b", ""), 1, Cancellation));

        Assert.Equal(new StateKey("sample/a-b", "state"), row.Key);
    }

    [Theory]
    [InlineData("etag", new byte[] { 1 })]
    [InlineData("schemaVersion", "one")]
    [InlineData("document", new byte[] { 1 })]
    public async Task A_row_that_cannot_be_read_is_among_the_others_and_served_to_nobody(string column, object value)
    {
        foreach (var name in (string[])["a", "b"])
        {
            await Storage.WriteStateAsync("state", GrainId.Create("sample", name), new GrainState<SampleState>(new SampleState { Name = name }, null!), Cancellation);
        }

        await Spoil("sample/a", column, value);

        var row = Assert.Single(await Rows.Page(null, 1, Cancellation));
        Assert.Equal(("sample/a", column), (row.Key.GrainId, row.Damage));
        var next = Assert.Single(await Rows.Page(row.Key, 1, Cancellation));
        Assert.Equal(("sample/b", null), (next.Key.GrainId, next.Damage));
        var refused = await Assert.ThrowsAsync<DependencyException>(
            () => Storage.ReadStateAsync("state", GrainId.Create("sample", "a"), new GrainState<SampleState>(), Cancellation));
        Assert.Contains($"cannot be read: it has no {column}. Correct its row", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Puts a value into a column behind everybody's back.</summary>
    private protected abstract Task Spoil(string grainId, string column, object? value);

    [Fact]
    public async Task A_page_goes_on_behind_a_row_that_is_gone() =>
        Assert.Empty(await Rows.Page(new StateKey("sample/x", "state"), 3, Cancellation));
}
