using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What the double does not imitate it says, before anything has changed.</summary>
public sealed class RefusalTests(DoubledMongo server) : IClassFixture<DoubledMongo>, IAsyncLifetime
{
    private readonly IMongoDatabase _database = server.Client.GetDatabase(server.NewDatabase());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IMongoCollection<BsonDocument> Rows => _database.GetCollection<BsonDocument>("rows");

    public async ValueTask InitializeAsync()
    {
        await Rows.InsertOneAsync(Row(), cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("{aggregate: 'rows', pipeline: [], cursor: {}}", "aggregate")]
    [InlineData("{count: 'rows'}", "count")]
    [InlineData("{findAndModify: 'rows', query: {}, update: {$set: {n: 2}}}", "findAndModify")]
    [InlineData("{drop: 'rows'}", "drop")]
    [InlineData("{listCollections: 1}", "listCollections")]
    public async Task A_command_that_it_does_not_know(string command, string name)
    {
        var failure = await Refused(() => _database.RunCommandAsync<BsonDocument>(command, cancellationToken: Cancellation));

        Assert.Equal(59, failure.Code);
        Assert.Contains($"'{name}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{find: 'rows', filter: {}, skip: 1}", "find.skip")]
    [InlineData("{find: 'rows', filter: {}, collation: {locale: 'de'}}", "find.collation")]
    [InlineData("{find: 'rows', filter: {}, readConcern: {level: 'snapshot'}}", "read concern snapshot")]
    [InlineData("{find: 'rows', filter: {text: {$regex: 'a'}}}", "RegularExpression")]
    [InlineData("{distinct: 'rows', key: 'n', hint: 'n'}", "distinct.hint")]
    [InlineData("{find: 'rows', filter: {n: {$not: {$gt: 1}}}}", "$not")]
    [InlineData("{find: 'rows', filter: {$expr: true}}", "$expr")]
    [InlineData("{find: 'rows', filter: {list: 1}}", "'list', which is an array")]
    [InlineData("{find: 'rows', filter: {'list.a': 1}}", "'list.a', which leads through an array")]
    [InlineData("{find: 'rows', filter: {n: NumberDecimal('1')}}", "Decimal128")]
    [InlineData("{find: 'rows', filter: {}, sort: {n: {$meta: 'x'}}}", "sorting by")]
    [InlineData("{find: 'rows', filter: {}, projection: {n: 0}}", "projection")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: {$set: {n: 2}}, multi: true}]}", "an update of many documents")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: {$inc: {n: 1}}}]}", "update.$inc")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: [{$set: {n: 2}}]}]}", "an update that is Array")]
    [InlineData("{update: 'rows', updates: [{q: {_id: 9, etag: 'x'}, u: {etag: 'y'}, upsert: true}]}", "an upsert whose filter is more than an _id")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: {n: 2}}, {q: {}, u: {n: 3}}]}", "2 statements in one update")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: {$set: {n: 2}, $unset: {n: 1}}}]}", "changes one field twice")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: {$set: {_id: 2}}}]}", "immutable field '_id'")]
    [InlineData("{update: 'rows', updates: [{q: {}, u: {$set: {'n.deep': 2}}}]}", "Cannot use 'n'")]
    [InlineData("{delete: 'rows', deletes: [{q: {}, limit: 0, hint: 'n'}]}", "deletes.hint")]
    [InlineData("{insert: 'rows', documents: [{_id: 2}], bypassDocumentValidation: true}", "insert.bypassDocumentValidation")]
    [InlineData("{insert: 'rows', documents: [{_id: 2}], writeConcern: {w: 2}}", "w: 2")]
    [InlineData("{insert: 'rows', documents: [{_id: 2}], txnNumber: NumberLong(1), startTransaction: true, autocommit: false}", "insert.startTransaction")]
    [InlineData("{insert: 'rows', documents: [{n: 2}]}", "leaves the _id to the server")]
    [InlineData("{createIndexes: 'rows', indexes: [{key: {n: 1}, name: 'n', expireAfterSeconds: 1}]}", "indexes.expireAfterSeconds")]
    [InlineData("{createIndexes: 'rows', indexes: [{key: {n: 'hashed'}, name: 'n'}]}", "hashed")]
    [InlineData("{createIndexes: 'rows', indexes: [{key: {n: 1}, name: 'n', partialFilterExpression: {n: {$exists: false}}}]}", "$exists")]
    public async Task What_it_does_not_understand_is_named_and_changes_nothing(string command, string named)
    {
        var failure = await Refused(() => _database.RunCommandAsync<BsonDocument>(command, cancellationToken: Cancellation));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Row(), await Rows.Find("{}").SingleAsync(Cancellation));
    }

    [Fact]
    public async Task An_index_with_a_known_name_and_other_fields()
    {
        await _database.RunCommandAsync<BsonDocument>("{createIndexes: 'rows', indexes: [{key: {n: 1}, name: 'i'}]}", cancellationToken: Cancellation);

        var failure = await Refused(() => _database.RunCommandAsync<BsonDocument>(
            "{createIndexes: 'rows', indexes: [{key: {etag: 1}, name: 'i'}]}", cancellationToken: Cancellation));

        Assert.Equal(86, failure.Code);
    }

    [Fact]
    public async Task A_write_that_wants_no_answer()
    {
        var unacknowledged = Rows.WithWriteConcern(WriteConcern.Unacknowledged);
        await unacknowledged.InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Cancellation);

        Assert.Equal(Row(), await Rows.Find("{}").SingleAsync(Cancellation));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<MongoCommandException> Refused(Func<Task> command) => Assert.ThrowsAsync<MongoCommandException>(command);

    private static BsonDocument Row() =>
        BsonDocument.Parse("{_id: 1, etag: 'x', n: 1, text: 'a', list: [1, {a: 1}]}");
}
