using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>SIGKILL amid writes from all sides, again and again.</summary>
public sealed class KilledDoubleTests(DoubledMongo server) : IClassFixture<DoubledMongo>
{
    private const int Writers = 8;
    private const int Kills = 6;

    private readonly string _database = server.NewDatabase();
    private readonly long[] _acknowledged = new long[Writers];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_loses_nothing_acknowledged_and_tears_nothing()
    {
        var random = new Random(20261123);
        await Seed();

        for (var kill = 0; kill < Kills; kill++)
        {
            await WriteUntilKilled(after: random.Next(1, 400));

            await server.Double.Restart(Cancellation);
            using var client = Client(retries: true);
            foreach (var row in await Rows(client).Find("{}").ToListAsync(Cancellation))
            {
                var writer = row["_id"].AsInt32;
                var revision = row["revision"].AsInt64;
                Assert.InRange(revision, _acknowledged[writer], _acknowledged[writer] + 1);
                Assert.Equal(At(writer, revision), row);
                _acknowledged[writer] = revision;
            }
        }
    }

    [Fact]
    public async Task Writers_of_a_replica_set_go_on_over_a_kill_and_every_write_is_done_once()
    {
        await Seed();
        using var progress = new SemaphoreSlim(0);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var client = Client(retries: true);
        var writing = Writing(client, progress, enough.Token, CancellationToken.None);

        await Acknowledged(progress, 100, writing);
        await server.Double.Kill(Cancellation);
        await server.Double.Restart(Cancellation);
        await Acknowledged(progress, 100, writing);
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        var rows = await Rows(client).Find("{}").Sort("{_id: 1}").ToListAsync(Cancellation);
        Assert.Equal(_acknowledged.Select((revision, writer) => At(writer, revision)), rows);
    }

    [Fact]
    public async Task A_unique_index_and_what_was_deleted_outlive_a_kill()
    {
        await Seed();
        await Rows(server.Client).Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>("{claim: 1}", new CreateIndexOptions<BsonDocument>
            {
                Unique = true,
                PartialFilterExpression = "{claim: {$exists: true}}",
            }),
            cancellationToken: Cancellation);
        await Rows(server.Client).UpdateOneAsync("{_id: 1}", "{$set: {claim: 'x'}}", cancellationToken: Cancellation);
        await Rows(server.Client).DeleteOneAsync("{_id: 2}", Cancellation);

        for (var kill = 0; kill < 2; kill++)
        {
            await server.Double.Kill(Cancellation);
            await server.Double.Restart(Cancellation);
        }

        using var client = Client(retries: true);
        await Assert.ThrowsAsync<MongoWriteException>(
            () => Rows(client).UpdateOneAsync("{_id: 3}", "{$set: {claim: 'x'}}", cancellationToken: Cancellation));
        Assert.Equal(Writers - 1, (await Rows(client).Find("{}").ToListAsync(Cancellation)).Count);
    }

    private async Task WriteUntilKilled(int after)
    {
        using var progress = new SemaphoreSlim(0);
        using var dead = new CancellationTokenSource();
        using var client = Client(retries: false);
        var writing = Writing(client, progress, Cancellation, dead.Token);

        await Acknowledged(progress, after, writing);
        await server.Double.Kill(Cancellation);
        await dead.CancelAsync();

        foreach (var writer in writing)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => writer);
        }
    }

    private Task[] Writing(MongoClient client, SemaphoreSlim progress, CancellationToken enough, CancellationToken dead) =>
        [.. Enumerable.Range(0, Writers).Select(writer => Write(Rows(client), writer, progress, enough, dead))];

    /// <summary>Ends when it has been enough, never in the middle of a write, or with the server.</summary>
    private async Task Write(
        IMongoCollection<BsonDocument> rows, int writer, SemaphoreSlim progress, CancellationToken enough, CancellationToken dead)
    {
        while (!enough.IsCancellationRequested)
        {
            var revision = _acknowledged[writer];
            var guard = new BsonDocument { { "_id", writer }, { "revision", revision } };
            var written = await rows.ReplaceOneAsync(guard, At(writer, revision + 1), cancellationToken: dead);
            Assert.Equal(1, written.MatchedCount);
            _acknowledged[writer] = revision + 1;
            progress.Release();
        }
    }

    private static async Task Acknowledged(SemaphoreSlim progress, int writes, Task[] writing)
    {
        for (var write = 0; write < writes; write++)
        {
            await await Task.WhenAny([progress.WaitAsync(Cancellation), .. writing]);
        }
    }

    private Task Seed() => Rows(server.Client).InsertManyAsync(
        Enumerable.Range(0, Writers).Select(writer => At(writer, 0)), cancellationToken: Cancellation);

    private MongoClient Client(bool retries)
    {
        var settings = MongoClientSettings.FromConnectionString(server.ConnectionString);
        settings.RetryWrites = retries;
        return new MongoClient(settings);
    }

    private IMongoCollection<BsonDocument> Rows(IMongoClient client) =>
        client.GetDatabase(_database).GetCollection<BsonDocument>("rows");

    /// <summary>All of a row follows from its revision, so a mixture of two revisions would show.</summary>
    private static BsonDocument At(int writer, long revision) => new()
    {
        { "_id", writer },
        { "revision", revision },
        { "padding", new string((char)('a' + (revision % 26)), (int)(500 + (revision * 7919 % 9000))) },
    };
}
