using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>What clearing a record means.</summary>
public abstract partial class GrainStorageContract
{
    [Fact]
    public async Task An_old_ETag_does_not_resurrect_a_cleared_record()
    {
        var written = await Create(Id("a"), new PlainState { Value = 1 });
        var zombie = State(new PlainState { Value = 2 }, written.ETag);
        await Clear(Id("a"), written);

        await AssertRefused(() => Put(Id("a"), zombie));

        Assert.False((await Load(Id("a"))).RecordExists);
    }

    [Fact]
    public async Task An_ETag_from_before_a_clear_fits_no_later_record()
    {
        var first = await Create(Id("a"), new PlainState { Value = 1 });
        var zombie = State(new PlainState { Value = 3 }, first.ETag);
        await Clear(Id("a"), first);
        var second = await Create(Id("a"), new PlainState { Value = 2 });

        await AssertRefused(() => Put(Id("a"), zombie));

        await AssertStored(Id("a"), second);
    }

    [Fact]
    public async Task A_cleared_record_can_be_written_again()
    {
        var state = await Create(Id("a"), new PlainState { Value = 1 });
        await Clear(Id("a"), state);
        state.State = new PlainState { Value = 2 };

        await Put(Id("a"), state);

        await AssertStored(Id("a"), state);
    }

    [Fact]
    public async Task A_cleared_record_is_read_as_not_existing()
    {
        var state = await Create(Id("a"), new PlainState { Value = 1 });

        await Clear(Id("a"), state);

        var read = await Load(Id("a"));
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Equal(new PlainState(), read.State);
    }

    [Fact]
    public async Task Clearing_resets_the_state_but_does_not_nullify_it()
    {
        var state = await Create(Id("a"), new PlainState { Value = 1 });

        await Clear(Id("a"), state);

        Assert.Equal(new PlainState(), state.State);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task Clearing_changes_the_ETag()
    {
        var state = await Create(Id("a"), new PlainState { Value = 1 });
        var written = state.ETag;

        await Clear(Id("a"), state);

        Assert.NotEqual(written, state.ETag);
    }

    [Fact]
    public async Task Clearing_what_was_never_written_does_nothing()
    {
        var state = State(new PlainState { Value = 1 }, null);

        await Clear(Id("a"), state);

        Assert.False(state.RecordExists);
        Assert.False((await Load(Id("a"))).RecordExists);
    }

    [Fact]
    public async Task Clearing_twice_does_nothing_more()
    {
        var state = await Create(Id("a"), new PlainState { Value = 1 });

        await Clear(Id("a"), state);
        await Clear(Id("a"), state);

        Assert.False((await Load(Id("a"))).RecordExists);
    }

    [Theory]
    [InlineData("4711")]
    [InlineData(null)]
    public async Task A_wrong_ETag_does_not_clear_a_record(string? etag)
    {
        var written = await Create(Id("a"), new PlainState { Value = 1 });

        await AssertRefused(() => Clear(Id("a"), State(new PlainState(), etag)));

        await AssertStored(Id("a"), written);
    }

    [Fact]
    public async Task Write_read_clear_read_can_be_repeated()
    {
        for (var cycle = 1; cycle <= 5; cycle++)
        {
            var state = await Create(Id("a"), new PlainState { Value = cycle });
            await AssertStored(Id("a"), state);
            await Clear(Id("a"), state);
            Assert.False((await Load(Id("a"))).RecordExists);
        }
    }
}
