using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>
/// What Orleans and our grains expect of grain storage, whatever is below it. The cases are those of Orleans' own
/// persistence kit, and ours.
/// </summary>
public abstract partial class GrainStorageContract
{
    private const string StateName = "state";

    private protected abstract IGrainStorage Storage { get; }

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("default/orders")]
    [InlineData("Кластер/заказы")]
    [InlineData("with space'quote\"percent%_\\slash/?#")]
    public async Task What_was_written_is_read_back_under_any_key(string key)
    {
        var written = await Create(Id(key), new PlainState { Value = 1, Text = "имя\u0001\ud83d\ude00" });

        await AssertStored(Id(key), written);
    }

    [Fact]
    public async Task An_integer_key_is_read_back()
    {
        var id = GrainId.Create(GrainType.Create("sample"), GrainIdKeyExtensions.CreateIntegerKey(long.MinValue));
        var written = await Create(id, new PlainState { Value = 1 });

        await AssertStored(id, written);
    }

    [Fact]
    public async Task A_null_ETag_does_not_overwrite_a_record()
    {
        var written = await Create(Id("a"), new PlainState { Value = 1 });

        await AssertRefused(() => Put(Id("a"), State(new PlainState { Value = 2 }, null)));

        await AssertStored(Id("a"), written);
    }

    [Fact]
    public async Task A_wrong_ETag_does_not_overwrite_a_record()
    {
        var written = await Create(Id("a"), new PlainState { Value = 1 });
        var wrong = State(new PlainState { Value = 2 }, "4711");

        await AssertRefused(() => Put(Id("a"), wrong));

        Assert.Equal("4711", wrong.ETag);
        await AssertStored(Id("a"), written);
    }

    [Fact]
    public async Task A_write_with_an_ETag_never_creates_a_record()
    {
        var never = State(new PlainState { Value = 1 }, "4711");

        await AssertRefused(() => Put(Id("a"), never));

        Assert.False((await Load(Id("a"))).RecordExists);
    }

    [Fact]
    public async Task Reading_what_does_not_exist_resets_state_ETag_and_RecordExists()
    {
        var state = State(new PlainState { Value = 5 }, "4711");
        state.RecordExists = true;

        await Get(Id("a"), state);

        Assert.Equal(new PlainState(), state.State);
        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task Reading_what_does_not_exist_gives_a_state_also_when_there_was_none()
    {
        var state = State<PlainState>(null!, null);

        await Get(Id("a"), state);

        Assert.Equal(new PlainState(), state.State);
    }

    [Fact]
    public async Task Every_write_changes_the_ETag_also_with_the_same_values()
    {
        var state = await Create(Id("a"), new PlainState { Value = 1 });
        var etags = new HashSet<string?> { null, state.ETag };

        for (var write = 0; write < 5; write++)
        {
            await Put(Id("a"), state);
            Assert.True(etags.Add(state.ETag));
        }
    }

    [Fact]
    public async Task State_names_are_independent_records()
    {
        var one = await Create(Id("a"), new PlainState { Value = 1 }, "one");
        var two = await Create(Id("a"), new PlainState { Value = 2 }, "two");

        await Storage.ClearStateAsync("one", Id("a"), one, Cancellation);

        Assert.False((await Load(Id("a"), "one")).RecordExists);
        Assert.Equal(two.State, (await Load(Id("a"), "two")).State);
    }

    [Fact]
    public async Task Grain_types_are_independent_records_under_the_same_key()
    {
        var one = await Create(GrainId.Create("one", "a"), new PlainState { Value = 1 });
        var two = await Create(GrainId.Create("two", "a"), new PlainState { Value = 2 });

        await AssertStored(GrainId.Create("one", "a"), one);
        await AssertStored(GrainId.Create("two", "a"), two);
    }

    [Fact]
    public async Task A_hundred_grains_write_and_read_in_parallel()
    {
        await Parallel.ForAsync(0, 100, Cancellation, async (grain, _) =>
        {
            var id = Id($"parallel-{grain}");
            var state = State(new PlainState(), null);
            for (var write = 1; write <= 10; write++)
            {
                var before = state.ETag;
                state.State = new PlainState { Value = write, Text = $"{grain}" };
                await Put(id, state);
                Assert.NotEqual(before, state.ETag);
                await AssertStored(id, state);
            }
        });
    }

    [Fact]
    public async Task Of_parallel_writes_with_one_ETag_exactly_one_succeeds()
    {
        var written = await Create(Id("a"), new PlainState { Value = 0 });

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 20).Select(async value =>
        {
            var state = State(new PlainState { Value = value }, written.ETag);
            return (Refusal: await Record.ExceptionAsync(() => Put(Id("a"), state)), state);
        }));

        var winner = Assert.Single(outcomes, outcome => outcome.Refusal is null).state;
        Assert.Equal(19, outcomes.Count(outcome => outcome.Refusal is InconsistentStateException));
        await AssertStored(Id("a"), winner);
    }

    [Fact]
    public async Task A_cancelled_write_writes_nothing()
    {
        var state = State(new PlainState { Value = 1 }, null);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Storage.WriteStateAsync(StateName, Id("a"), state, new CancellationToken(canceled: true)));

        Assert.Null(state.ETag);
        Assert.False((await Load(Id("a"))).RecordExists);
    }

    [Fact]
    public async Task A_row_of_a_newer_schema_is_neither_read_nor_overwritten_nor_cleared()
    {
        var newer = State(new NewerSampleState { Name = "a" }, null);
        await Put(Id("a"), newer);
        var older = State(new SampleState { Name = "a" }, newer.ETag);

        foreach (var attempt in new Func<Task>[]
        {
            () => Get(Id("a"), State(new SampleState(), null)),
            () => Put(Id("a"), older),
            () => Put(Id("a"), State(new SampleState(), null)),
            () => Clear(Id("a"), older),
        })
        {
            var refusal = await Assert.ThrowsAsync<DependencyException>(attempt);
            Assert.Contains("schemaVersion 2", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(Id("a").ToString(), refusal.Message, StringComparison.Ordinal);
        }

        var read = State(new NewerSampleState(), null);
        await Get(Id("a"), read);
        Assert.Equal(newer.ETag, read.ETag);
    }

    [Fact]
    public async Task A_row_of_an_older_schema_is_read_and_moves_up_with_its_next_write()
    {
        var older = State(new SampleState { Name = "a" }, null);
        await Put(Id("a"), older);

        var newer = State(new NewerSampleState(), null);
        await Get(Id("a"), newer);
        Assert.Equal("a", newer.State!.Name);
        await Put(Id("a"), newer);

        await Assert.ThrowsAsync<DependencyException>(() => Get(Id("a"), older));
    }

    [Fact]
    public async Task A_state_type_that_no_context_knows_is_named()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Put(Id("a"), State(new UnknownState(), null)));

        Assert.Contains(nameof(UnknownState), failure.Message, StringComparison.Ordinal);
        Assert.Contains("JsonSerializerContext", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Any_sequence_of_operations_behaves_like_the_model(int seed)
    {
        await new GrainStorageModel(Storage, seed).Run(steps: 300);
    }

    private protected static GrainId Id(string key) => GrainId.Create("sample", key);

    private protected static GrainState<T> State<T>(T state, string? etag) => new(state, etag!);

    private Task Put<T>(GrainId id, GrainState<T> state) =>
        Storage.WriteStateAsync(StateName, id, state, Cancellation);

    private Task Clear<T>(GrainId id, GrainState<T> state) =>
        Storage.ClearStateAsync(StateName, id, state, Cancellation);

    private Task Get<T>(GrainId id, GrainState<T> state) =>
        Storage.ReadStateAsync(StateName, id, state, Cancellation);

    private protected async Task<GrainState<T>> Create<T>(GrainId id, T value, string stateName = StateName)
    {
        var state = State(value, null);
        await Storage.WriteStateAsync(stateName, id, state, Cancellation);
        Assert.True(state.RecordExists);
        return state;
    }

    private async Task<GrainState<PlainState>> Load(GrainId id, string stateName = StateName)
    {
        var state = State(new PlainState(), null);
        await Storage.ReadStateAsync(stateName, id, state, Cancellation);
        return state;
    }

    private async Task AssertStored(GrainId id, GrainState<PlainState> expected)
    {
        var read = await Load(id);
        Assert.Equal(expected.State, read.State);
        Assert.Equal(expected.ETag, read.ETag);
        Assert.True(read.RecordExists);
    }

    private static Task<InconsistentStateException> AssertRefused(Func<Task> attempt) =>
        Assert.ThrowsAsync<InconsistentStateException>(attempt);
}
