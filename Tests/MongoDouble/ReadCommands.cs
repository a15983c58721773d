using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>find, and getMore and killCursors for what did not fit into its first answer; distinct.</summary>
internal sealed class ReadCommands(DocumentStore store)
{
    private readonly Cursors _cursors = new();

    public Task<BsonDocument> Find(Command command)
    {
        var fields = command.Fields;
        command.CheckReadConcern();
        var filter = new Filter(fields.Document("filter") ?? []);
        var sort = fields.Document("sort") is { ElementCount: > 0 } order ? new SortOrder(order) : null;
        var projection = fields.Document("projection") is { ElementCount: > 0 } kept ? new Projection(kept) : null;
        var limit = (int)(fields.Number("limit") ?? 0);
        var batch = (int?)fields.Number("batchSize");
        var isSingle = fields.Flag("singleBatch");
        fields.Done();

        return store.Read(documents =>
        {
            var found = documents.Collection(command.Collection).Find(filter);
            found = sort is null ? found : found.Order(sort);
            found = limit == 0 ? found : found.Take(limit);
            found = projection is null ? found : found.Select(projection.Apply);
            return _cursors.First(command.Collection, [.. found], batch, isSingle);
        });
    }

    /// <summary>MongoDB promises no order; here it is backwards, so that nobody comes to rely on one.</summary>
    public Task<BsonDocument> Distinct(Command command)
    {
        var fields = command.Fields;
        command.CheckReadConcern();
        var path = new FieldPath(fields.Text("key"));
        var filter = new Filter(fields.Document("query") ?? []);
        fields.Done();
        return store.Read(documents => new BsonDocument
        {
            {
                "values",
                new BsonArray(documents.Collection(command.Collection).Find(filter)
                    .Select(path.Find).OfType<BsonValue>().Distinct().OrderDescending())
            },
            { "ok", 1.0 },
        });
    }

    public Task<BsonDocument> More(Command command)
    {
        var name = $"{command.Database}.{command.Fields.Text("collection")}";
        var batch = (int?)command.Fields.Number("batchSize");
        command.Fields.Done();
        return store.Read(_ => _cursors.Next(command.Target.ToInt64(), name, batch));
    }

    public Task<BsonDocument> Kill(Command command)
    {
        var ids = command.Fields.Required("cursors").AsBsonArray.Select(id => id.ToInt64()).ToArray();
        command.Fields.Done();
        return store.Read(_ => _cursors.Kill(ids));
    }
}
