using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public abstract class MongoResourceIndexTests(MongoServer server) : ResourceIndexContract, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IResourceIndex Index => _test.Index;

    public async ValueTask InitializeAsync() => await _test.Open();

    [Fact]
    public async Task Numbers_may_have_any_type_that_holds_them()
    {
        var state = await Write(new SampleState { Name = "a", Revision = 1L << 40 });
        await Spoil("a", "generation", 7);
        await Spoil("a", "revision", (double)(1L << 40));
        await Spoil("a", "schemaVersion", 1L);

        Assert.Equal([state.State!.Index], await Index.List("Sample", TestContext.Current.CancellationToken));
        Assert.Null(Assert.Single(await _test.Rows.Page(null, 2, TestContext.Current.CancellationToken)).Damage);
    }

    [Fact]
    public async Task A_long_list_comes_in_several_answers()
    {
        await Parallel.ForAsync(
            0, 1500, TestContext.Current.CancellationToken, async (row, _) => await Write(new SampleState { Name = $"row-{row:0000}" }));

        var rows = await Index.List("Sample", TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 1500).Select(row => $"row-{row:0000}"), rows.Select(row => row.Name));
    }

    private protected override Task Spoil(string name, string column, object? value) =>
        TestMongo.Spoil(_test.Database.State, MongoStateDocument.Id(_test.Id, new($"sample/default/{name}", "state")), column, value);

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
