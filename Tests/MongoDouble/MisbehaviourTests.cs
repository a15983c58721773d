using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

public sealed class MisbehaviourTests(DoubledMongo server) : IClassFixture<DoubledMongo>, IAsyncLifetime
{
    private readonly IMongoCollection<BsonDocument> _rows = Collection(server.Client, server);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_sent_again_and_done_once()
    {
        await Insert(_rows, 1);
        await Misbehave(new() { LostAnswers = 1 });

        var swapped = await _rows.UpdateOneAsync("{_id: 1, n: 0}", "{$set: {n: 1}}", cancellationToken: Cancellation);

        Assert.Equal(1, swapped.ModifiedCount);
        Assert.Equal(1, (await Only(_rows))["n"].AsInt32);
    }

    [Fact]
    public async Task A_lost_answer_outlives_the_death_of_the_server()
    {
        var first = new BsonDocument("insert", "rows").Add("documents", new BsonArray { new BsonDocument("_id", 1) })
            .Add("txnNumber", 7L);
        using var session = await server.Client.StartSessionAsync(cancellationToken: Cancellation);
        var database = _rows.Database;
        await database.RunCommandAsync<BsonDocument>(session, first, cancellationToken: Cancellation);

        await server.Double.Kill(Cancellation);
        await server.Double.Restart(Cancellation);

        var again = await Again(() => database.RunCommandAsync<BsonDocument>(session, first, cancellationToken: Cancellation));
        Assert.Equal(1, again["n"].ToInt32());
        Assert.False(again.Contains("writeErrors"));
    }

    [Fact]
    public async Task A_standalone_server_leaves_lost_answers_to_its_client()
    {
        await using var alone = new DoubledMongo(MongoMode.Standalone);
        await alone.InitializeAsync();
        var rows = Collection(alone.Client, alone);
        await Insert(rows, 1);
        await alone.Double.Misbehave(new() { LostAnswers = 1 }, Cancellation);

        await Assert.ThrowsAsync<MongoConnectionException>(
            () => rows.UpdateOneAsync("{_id: 1, n: 0}", "{$set: {n: 1}}", cancellationToken: Cancellation));

        Assert.Equal(1, (await Only(rows))["n"].AsInt32);
    }

    [Fact]
    public async Task Writes_are_refused_as_often_as_told_and_the_driver_repeats_one_once()
    {
        await Misbehave(new() { RefusedWrites = 1 });
        await Insert(_rows, 1);

        await Misbehave(new() { RefusedWrites = 2 });
        await Assert.ThrowsAsync<MongoNotPrimaryException>(() => Insert(_rows, 2));
        await Insert(_rows, 3);

        Assert.Equal([1, 3], await Ids());
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_and_still_reads()
    {
        await Insert(_rows, 1);
        await Misbehave(new() { DiskFull = true });

        var failure = await Assert.ThrowsAsync<MongoCommandException>(() => Insert(_rows, 2));

        Assert.Equal(14031, failure.Code);
        Assert.Equal([1], await Ids());
    }

    [Fact]
    public async Task A_slow_server_does_what_it_was_asked_for_later()
    {
        await Misbehave(new() { Slow = TimeSpan.FromHours(1) });
        var insert = Insert(_rows, 1);
        Assert.False(insert.IsCompleted);

        await Misbehave(Misbehaviour.None);
        await insert;

        Assert.Equal([1], await Ids());
    }

    [Fact]
    public async Task A_silent_server_never_answers_what_came_meanwhile()
    {
        var settings = MongoClientSettings.FromConnectionString(server.ConnectionString);
        settings.SocketTimeout = TimeSpan.FromMilliseconds(500);
        settings.RetryWrites = false;
        using var impatient = new MongoClient(settings);
        var rows = impatient.GetDatabase(_rows.Database.DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>("rows");
        await Insert(rows, 1);

        await Misbehave(new() { Silent = true });
        await Assert.ThrowsAnyAsync<MongoConnectionException>(() => Insert(rows, 2));
        await Misbehave(Misbehaviour.None);

        await Insert(rows, 3);
        Assert.Equal([1, 3], await Ids());
    }

    public ValueTask InitializeAsync() => new(Misbehave(Misbehaviour.None));

    public ValueTask DisposeAsync() => new(Misbehave(Misbehaviour.None));

    private static IMongoCollection<BsonDocument> Collection(IMongoClient client, DoubledMongo server) =>
        client.GetDatabase(server.NewDatabase()).GetCollection<BsonDocument>("rows");

    private static Task Insert(IMongoCollection<BsonDocument> rows, int id) =>
        rows.InsertOneAsync(new BsonDocument { { "_id", id }, { "n", 0 } }, cancellationToken: Cancellation);

    private static Task<BsonDocument> Only(IMongoCollection<BsonDocument> rows) => rows.Find("{}").SingleAsync(Cancellation);

    /// <summary>The client finds out by trying that its connections are gone.</summary>
    private static async Task<T> Again<T>(Func<Task<T>> command)
    {
        while (true)
        {
            try
            {
                return await command();
            }
            catch (MongoConnectionException)
            {
                Cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private Task Misbehave(Misbehaviour misbehaviour) => server.Double.Misbehave(misbehaviour, Cancellation);

    private async Task<IEnumerable<int>> Ids() =>
        (await _rows.Find("{}").Sort("{_id: 1}").ToListAsync(Cancellation)).Select(row => row["_id"].AsInt32);
}
