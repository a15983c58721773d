using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What the provider relies on from MongoDB, be it the double or a server.</summary>
public abstract class MongoDoubleTests(MongoServer server)
{
    private readonly IMongoCollection<BsonDocument> _rows = server.Client.GetDatabase(server.NewDatabase())
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true))
        .WithReadConcern(ReadConcern.Majority)
        .GetCollection<BsonDocument>("rows");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_comes_back_as_it_was_inserted()
    {
        var document = new BsonDocument
        {
            { "_id", new BsonDocument { { "g", "cluster/ns/a.b" }, { "s", "state" } } },
            { "text", "größer 🌍" },
            { "number", 5_000_000_000L },
            { "when", new BsonDateTime(DateTime.UnixEpoch) },
            { "nothing", BsonNull.Value },
            { "bytes", new byte[] { 1, 2, 3 } },
            { "list", new BsonArray { 1, "two", new BsonDocument("three", 3) } },
        };

        await _rows.InsertOneAsync(document, cancellationToken: Cancellation);

        Assert.Equal(document, await Only(Builders<BsonDocument>.Filter.Eq("_id", document["_id"])));
    }

    [Fact]
    public async Task A_second_document_with_the_same_id_is_a_duplicate()
    {
        await _rows.InsertOneAsync(Row("a", "1"), cancellationToken: Cancellation);

        var failure = await Assert.ThrowsAsync<MongoWriteException>(
            () => _rows.InsertOneAsync(Row("a", "2"), cancellationToken: Cancellation));

        Assert.Equal(ServerErrorCategory.DuplicateKey, failure.WriteError.Category);
        Assert.Equal(Row("a", "1"), await Only("{_id: 'a'}"));
    }

    [Fact]
    public async Task A_guarded_update_takes_the_current_etag_once_and_never_inserts()
    {
        await _rows.InsertOneAsync(Row("a", "1").Add("schemaVersion", 2), cancellationToken: Cancellation);
        var guarded = Builders<BsonDocument>.Filter.Eq("_id", "a") & Builders<BsonDocument>.Filter.Eq("etag", "1")
            & Builders<BsonDocument>.Filter.Lte("schemaVersion", 2);
        var update = Builders<BsonDocument>.Update.Set("etag", "2").Set("nested.deep", 1).Unset("schemaVersion");

        Assert.Equal((1, 1), Counts(await _rows.UpdateOneAsync(guarded, update, cancellationToken: Cancellation)));
        Assert.Equal((0, 0), Counts(await _rows.UpdateOneAsync(guarded, update, cancellationToken: Cancellation)));
        Assert.Equal((0, 0), Counts(await _rows.UpdateOneAsync("{_id: 'b', etag: '1'}", update, cancellationToken: Cancellation)));

        Assert.Equal(Row("a", "2").Add("nested", new BsonDocument("deep", 1)), Assert.Single(await All("{}")));
    }

    [Fact]
    public async Task A_replacement_keeps_the_id_and_upserts_when_asked()
    {
        var upsert = new ReplaceOptions { IsUpsert = true };

        var first = await _rows.ReplaceOneAsync("{_id: 'a'}", Row("a", "1"), upsert, Cancellation);
        var second = await _rows.ReplaceOneAsync("{_id: 'a'}", Row("a", "2"), upsert, Cancellation);
        var guarded = await _rows.ReplaceOneAsync("{_id: 'a', etag: '1'}", Row("a", "3"), cancellationToken: Cancellation);

        Assert.Equal(("a", 0), (first.UpsertedId?.AsString, first.MatchedCount));
        Assert.Equal((null, 1), (second.UpsertedId, second.MatchedCount));
        Assert.Equal(0, guarded.MatchedCount);
        Assert.Equal(Row("a", "2"), Assert.Single(await All("{}")));
    }

    [Fact]
    public async Task A_guarded_delete_takes_only_the_current_etag()
    {
        await _rows.InsertManyAsync([Row("a", "1"), Row("b", "1")], cancellationToken: Cancellation);

        Assert.Equal(0, (await _rows.DeleteOneAsync("{_id: 'a', etag: '2'}", Cancellation)).DeletedCount);
        Assert.Equal(1, (await _rows.DeleteOneAsync("{_id: 'a', etag: '1'}", Cancellation)).DeletedCount);
        Assert.Equal(0, (await _rows.DeleteOneAsync("{_id: 'a', etag: '1'}", Cancellation)).DeletedCount);
        Assert.Equal(1, (await _rows.DeleteManyAsync("{}", Cancellation)).DeletedCount);
        Assert.Empty(await All("{}"));
    }

    [Theory]
    [InlineData("{n: 2}", "2")]
    [InlineData("{n: {$eq: 2.0}}", "2")]
    [InlineData("{n: {$ne: 2}}", "1 3 4")]
    [InlineData("{n: {$gt: 1, $lte: 3}}", "2 3")]
    [InlineData("{n: {$gte: 3}}", "3")]
    [InlineData("{n: {$lt: 'text'}}", "")]
    [InlineData("{n: {$in: [1, 3, 9]}}", "1 3")]
    [InlineData("{n: {$in: [1, null]}}", "1 4")]
    [InlineData("{n: null}", "4")]
    [InlineData("{n: {$exists: false}}", "4")]
    [InlineData("{n: {$exists: true}, 'in.side': {$gt: 'a'}}", "2 3")]
    [InlineData("{$or: [{n: {$gt: 2}}, {n: {$lte: 1}}]}", "1 3")]
    [InlineData("{$and: [{n: {$gt: 1}}, {n: {$lt: 3}}], _id: 2}", "2")]
    [InlineData("{in: {side: 'b', x: 1}}", "2")]
    [InlineData("{in: {x: 1, side: 'b'}}", "")]
    public async Task Filters_mean_what_they_mean_to_MongoDB(string filter, string ids)
    {
        await _rows.InsertManyAsync(
            Parsed("{_id: 1, n: 1}", "{_id: 2, n: 2, in: {side: 'b', x: 1}}", "{_id: 3, n: NumberLong(3), in: {side: 'c'}}", "{_id: 4}"),
            cancellationToken: Cancellation);

        Assert.Equal(ids, string.Join(' ', (await All(filter)).Select(row => row["_id"].ToInt32()).Order()));
    }

    [Fact]
    public async Task Sorting_goes_by_kind_then_value_and_a_limit_takes_the_first()
    {
        await _rows.InsertManyAsync(
            Parsed("{_id: 1, v: 'b', w: 1}", "{_id: 2, v: 2.5}", "{_id: 3}", "{_id: 4, v: NumberLong(7)}", "{_id: 5, v: 'b', w: 2}", "{_id: 6, v: 'B'}"),
            cancellationToken: Cancellation);

        Assert.Equal([3, 2, 4, 6, 5, 1], await Ids("{v: 1, w: -1}"));
        Assert.Equal([1, 5, 6, 4, 2, 3], await Ids("{v: -1, w: 1}"));
        Assert.Equal([3, 2], await Ids("{v: 1, w: 1}", limit: 2));
    }

    [Fact]
    public async Task Distinct_values_come_once_each_and_only_of_what_matches()
    {
        await _rows.InsertManyAsync(
            Parsed("{_id: 1, v: 'b', n: 1}", "{_id: 2, v: 'a', n: 1}", "{_id: 3, n: 1}", "{_id: 4, v: 'b', n: 1}", "{_id: 5, v: 'c'}"),
            cancellationToken: Cancellation);

        using var found = await _rows.DistinctAsync<string>("v", "{n: 1}", cancellationToken: Cancellation);

        Assert.Equal(["a", "b"], (await found.ToListAsync(Cancellation)).Order());
    }

    [Fact]
    public async Task A_projection_keeps_the_named_fields()
    {
        await _rows.InsertOneAsync(Parsed("{_id: 1, a: {b: 2, c: 3}, d: [4]}")[0], cancellationToken: Cancellation);

        Assert.Equal(Parsed("{_id: 1, a: {b: 2}}"), await _rows.Find("{}").Project("{'a.b': 1}").ToListAsync(Cancellation));
        Assert.Equal(Parsed("{d: [4]}"), await _rows.Find("{}").Project("{_id: 0, d: 1}").ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public async Task Many_documents_come_in_batches(int? batchSize)
    {
        await _rows.InsertManyAsync(Enumerable.Range(0, 250).Select(id => new BsonDocument("_id", id)), cancellationToken: Cancellation);

        var found = await _rows.Find("{}", new FindOptions { BatchSize = batchSize }).Sort("{_id: 1}").ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 250), found.Select(row => row["_id"].AsInt32));
    }

    [Fact]
    public async Task A_unique_index_holds_for_what_it_covers_and_can_be_created_again()
    {
        await _rows.InsertManyAsync(Parsed("{_id: 1, claim: 'x'}", "{_id: 2}", "{_id: 3}"), cancellationToken: Cancellation);
        var index = new CreateIndexModel<BsonDocument>("{claim: 1}", new CreateIndexOptions<BsonDocument>
        {
            Name = "claim",
            Unique = true,
            PartialFilterExpression = "{claim: {$exists: true}}",
        });

        await _rows.Indexes.CreateOneAsync(index, cancellationToken: Cancellation);
        await _rows.Indexes.CreateOneAsync(index, cancellationToken: Cancellation);

        await IsDuplicate(() => _rows.InsertOneAsync(Parsed("{_id: 4, claim: 'x'}")[0], cancellationToken: Cancellation));
        await IsDuplicate(() => _rows.UpdateOneAsync("{_id: 2}", "{$set: {claim: 'x'}}", cancellationToken: Cancellation));
        await _rows.UpdateOneAsync("{_id: 1}", "{$unset: {claim: 1}}", cancellationToken: Cancellation);
        await _rows.UpdateOneAsync("{_id: 2}", "{$set: {claim: 'x'}}", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Twenty_writers_that_compare_and_swap_count_to_twenty()
    {
        await _rows.InsertOneAsync(Parsed("{_id: 'table', version: 0}")[0], cancellationToken: Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            for (var isDone = false; !isDone;)
            {
                var version = (await Only("{_id: 'table'}"))["version"].AsInt32;
                var swapped = await _rows.UpdateOneAsync(
                    new BsonDocument { { "_id", "table" }, { "version", version } },
                    new BsonDocument("$set", new BsonDocument("version", version + 1)),
                    cancellationToken: Cancellation);
                isDone = swapped.ModifiedCount == 1;
            }
        }));

        Assert.Equal(20, (await Only("{_id: 'table'}"))["version"].AsInt32);
    }

    private static BsonDocument Row(string id, string etag) => new() { { "_id", id }, { "etag", etag } };

    private static BsonDocument[] Parsed(params string[] documents) => [.. documents.Select(BsonDocument.Parse)];

    private static (long Matched, long Modified) Counts(UpdateResult result) => (result.MatchedCount, result.ModifiedCount);

    private static async Task IsDuplicate(Func<Task> write) => Assert.Equal(
        ServerErrorCategory.DuplicateKey, (await Assert.ThrowsAsync<MongoWriteException>(write)).WriteError.Category);

    private Task<List<BsonDocument>> All(FilterDefinition<BsonDocument> filter) => _rows.Find(filter).ToListAsync(Cancellation);

    private Task<BsonDocument> Only(FilterDefinition<BsonDocument> filter) => _rows.Find(filter).SingleAsync(Cancellation);

    private async Task<IEnumerable<int>> Ids(string sort, int? limit = null) =>
        (await _rows.Find("{}").Sort(sort).Limit(limit).ToListAsync(Cancellation)).Select(row => row["_id"].AsInt32);
}
