using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>insert, update, delete, createIndexes and dropDatabase. Everything is read and checked before anything is changed.</summary>
internal sealed class WriteCommands(DocumentStore store, MongoMode mode)
{
    public Task<BsonDocument> Insert(Command command)
    {
        var documents = command.Fields.Documents("documents");
        var isOrdered = command.Fields.Flag("ordered", otherwise: true);
        var retry = Ready(command);
        if (!isOrdered || documents.Length == 0 || !documents.All(document => document.Contains("_id")))
        {
            throw CommandRefused.NotUnderstood("an insert that is not ordered, inserts nothing, or leaves the _id to the server");
        }

        return store.Write(retry, batch =>
        {
            for (var i = 0; i < documents.Length; i++)
            {
                try
                {
                    batch.Insert(command.Collection, documents[i]);
                }
                catch (DuplicateKey duplicate)
                {
                    return Failed(duplicate, i).Add("n", i);
                }
            }

            return Command.Ok.Add("n", documents.Length);
        });
    }

    public Task<BsonDocument> Update(Command command)
    {
        var statement = One(command, "updates");
        var filter = new Filter(statement.Document("q") ?? throw CommandRefused.NotUnderstood("an update without a filter"));
        var change = new Change(statement.Required("u"));
        var isUpsert = statement.Flag("upsert");
        if (statement.Flag("multi"))
        {
            throw CommandRefused.NotUnderstood("an update of many documents, which MongoDB does not make atomically");
        }

        if (isUpsert && !filter.IsById)
        {
            throw CommandRefused.NotUnderstood("an upsert whose filter is more than an _id: it would bring a deleted document back");
        }

        statement.Done();
        var retry = Ready(command);
        return store.Write(retry, batch =>
        {
            try
            {
                return Update(batch, command.Collection, filter, change, isUpsert);
            }
            catch (DuplicateKey duplicate)
            {
                return Failed(duplicate, 0).AddRange(new BsonDocument { { "n", 0 }, { "nModified", 0 } });
            }
        });
    }

    public Task<BsonDocument> Delete(Command command)
    {
        var statement = One(command, "deletes");
        var filter = new Filter(statement.Document("q") ?? throw CommandRefused.NotUnderstood("a delete without a filter"));
        var limit = (int)(statement.Number("limit") ?? 0);
        statement.Done();
        var retry = Ready(command);
        return store.Write(retry, batch =>
        {
            var found = batch.Collection(command.Collection).Find(filter);
            var ids = (limit == 0 ? found : found.Take(limit)).Select(document => document["_id"]).ToArray();
            foreach (var id in ids)
            {
                batch.Remove(command.Collection, id);
            }

            return Command.Ok.Add("n", ids.Length);
        });
    }

    public Task<BsonDocument> CreateIndexes(Command command)
    {
        var specs = command.Fields.Documents("indexes").Select(spec => new IndexSpec(spec)).ToArray();
        Ready(command);
        return store.Write(null, batch =>
        {
            var collection = batch.Collection(command.Collection);
            var before = collection.IndexSpecs.Count() + 1;
            try
            {
                foreach (var spec in specs.Where(collection.Lacks))
                {
                    batch.Index(command.Collection, spec);
                }
            }
            catch (DuplicateKey duplicate)
            {
                throw new CommandRefused(11000, "DuplicateKey", duplicate.Message);
            }

            return Command.Ok.AddRange(new BsonDocument
            {
                { "numIndexesBefore", before },
                { "numIndexesAfter", collection.IndexSpecs.Count() + 1 },
            });
        });
    }

    public Task<BsonDocument> DropDatabase(Command command)
    {
        Ready(command);
        return store.Write(null, batch =>
        {
            batch.Drop(command.Database);
            return Command.Ok;
        });
    }

    private static BsonDocument Update(WriteBatch batch, string collection, Filter filter, Change change, bool isUpsert)
    {
        if (batch.Collection(collection).Find(filter).FirstOrDefault() is { } before)
        {
            var after = change.Apply(before);
            var isSame = after.Equals(before);
            if (!isSame)
            {
                batch.Replace(collection, after);
            }

            return Command.Ok.AddRange(new BsonDocument { { "n", 1 }, { "nModified", isSame ? 0 : 1 } });
        }

        if (!isUpsert)
        {
            return Command.Ok.AddRange(new BsonDocument { { "n", 0 }, { "nModified", 0 } });
        }

        var inserted = change.Apply(new BsonDocument("_id", filter.Id!));
        batch.Insert(collection, inserted);
        return Command.Ok.AddRange(new BsonDocument
        {
            { "n", 1 },
            { "nModified", 0 },
            { "upserted", new BsonArray { new BsonDocument { { "index", 0 }, { "_id", inserted["_id"] } } } },
        });
    }

    private static Fields One(Command command, string field)
    {
        command.Fields.Flag("ordered");
        var statements = command.Fields.Documents(field);
        return statements.Length == 1
            ? new Fields(statements[0], field)
            : throw CommandRefused.NotUnderstood($"{statements.Length} statements in one {command.Name}");
    }

    private static BsonDocument Failed(DuplicateKey duplicate, int statement) =>
        Command.Ok.Add("writeErrors", new BsonArray { duplicate.Answer(statement) });

    /// <summary>Nothing is left in the command that is not understood.</summary>
    private WriteIdentity? Ready(Command command)
    {
        command.CheckWriteConcern();
        var number = command.Fields.Number("txnNumber");
        command.Fields.Done();
        if (number is null)
        {
            return null;
        }

        return mode == MongoMode.ReplicaSet && command.Session is { } session
            ? new WriteIdentity(session, number.Value)
            : throw new CommandRefused(20, "IllegalOperation", "Transaction numbers are only allowed in a session of a replica set member.");
    }
}
