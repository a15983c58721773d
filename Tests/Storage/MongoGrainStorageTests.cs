using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public abstract class MongoGrainStorageTests(MongoServer server) : GrainStorageContract, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);

    private protected override IGrainStorage Storage => _test.Storage;

    public async ValueTask InitializeAsync() => await _test.Open();

    [Theory]
    [InlineData("{ \"value\": ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_damaged_document_is_an_error_that_names_its_row_never_an_empty_state(string document)
    {
        await Create(Id("a"), new PlainState { Value = 1 });
        await _test.Database.State.UpdateOneAsync(
            new BsonDocument("_id", MongoStateDocument.Id(_test.Id, new("sample/a", "state"))),
            new BsonDocument("$set", new BsonDocument("document", document)),
            cancellationToken: Cancellation);
        var read = State(new PlainState { Value = 9 }, "before");

        var failure = await Assert.ThrowsAsync<DependencyException>(
            () => Storage.ReadStateAsync("state", Id("a"), read, Cancellation));

        Assert.Contains("state 'state' of grain 'sample/a'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("before", read.ETag);
    }

    [Fact]
    public async Task A_cleared_record_leaves_no_document()
    {
        var state = State(new SampleState { Name = "a" }, null);
        await Storage.WriteStateAsync("state", Id("a"), state, Cancellation);

        await Storage.ClearStateAsync("state", Id("a"), state, Cancellation);

        Assert.Empty(await _test.Rows.Page(null, 10, Cancellation));
    }

    [Fact]
    public async Task Services_share_no_states()
    {
        using var other = await _test.Neighbour().Open();
        await Create(Id("a"), new SampleState { Name = "a" });

        var read = State(new SampleState(), null);
        await other.Storage.ReadStateAsync("state", Id("a"), read, Cancellation);

        Assert.False(read.RecordExists);
        Assert.Empty(await other.Index.List("Sample", Cancellation));
        Assert.Empty(await other.Rows.Page(null, 10, Cancellation));
    }

    [Fact]
    public async Task Two_silos_of_one_service_see_each_others_writes_and_refuse_each_others_stale_ones()
    {
        using var other = await _test.Sibling().Open();
        var written = await Create(Id("a"), new PlainState { Value = 1 });
        var there = State(new PlainState(), null);
        await other.Storage.ReadStateAsync("state", Id("a"), there, Cancellation);

        there.State = new PlainState { Value = 2 };
        await other.Storage.WriteStateAsync("state", Id("a"), there, Cancellation);

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("state", Id("a"), written, Cancellation));
    }

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
