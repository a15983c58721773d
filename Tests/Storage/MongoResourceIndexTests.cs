using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public abstract class MongoResourceIndexTests(MongoServer server) : ResourceIndexContract, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IResourceIndex Index => _test.Index;

    public async ValueTask InitializeAsync() => await _test.Open();

    [Fact]
    public async Task A_damaged_index_column_is_an_error()
    {
        await Write(new SampleState { Name = "a" });
        await _test.Database.State.UpdateOneAsync(
            new BsonDocument("_id", MongoStateDocument.Id(_test.Id, new("sample/default/a", "state"))),
            new BsonDocument("$set", new BsonDocument("nextDue", "soon")),
            cancellationToken: TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<DependencyException>(
            () => Index.List("Sample", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_long_list_comes_in_several_answers()
    {
        await Parallel.ForAsync(
            0, 1500, TestContext.Current.CancellationToken, async (row, _) => await Write(new SampleState { Name = $"row-{row:0000}" }));

        var rows = await Index.List("Sample", TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 1500).Select(row => $"row-{row:0000}"), rows.Select(row => row.Name));
    }

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
