using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What an update makes of a document: another one, or the same with some fields set and others gone.</summary>
internal sealed class Change
{
    private readonly BsonDocument? _replacement;
    private readonly (FieldPath Path, BsonValue Value)[] _set = [];
    private readonly FieldPath[] _unset = [];

    public Change(BsonValue update)
    {
        if (update is not BsonDocument document)
        {
            throw CommandRefused.NotUnderstood($"an update that is {update.BsonType} and not a document");
        }

        if (!document.Names.Any(name => name.StartsWith('$')))
        {
            _replacement = document;
            return;
        }

        var operators = new Fields(document, "update");
        _set = [.. (operators.Document("$set") ?? []).Select(field => (new FieldPath(field.Name), field.Value))];
        _unset = [.. (operators.Document("$unset") ?? []).Select(field => new FieldPath(field.Name))];
        operators.Done();
        RefuseOverlaps([.. _set.Select(field => field.Path), .. _unset]);
    }

    /// <summary>A new document; <paramref name="before"/> stays what it is.</summary>
    public BsonDocument Apply(BsonDocument before)
    {
        var after = _replacement is null ? Edited(before) : Replaced(before["_id"], _replacement);
        return BsonOrder.Compare(after["_id"], before["_id"]) == 0
            ? after
            : throw new CommandRefused(66, "ImmutableField", "An update would change the immutable field '_id'.");
    }

    private static BsonDocument Replaced(BsonValue id, BsonDocument replacement)
    {
        var after = new BsonDocument("_id", replacement.GetValue("_id", id));
        return after.AddRange(replacement.Where(field => field.Name != "_id"));
    }

    private BsonDocument Edited(BsonDocument before)
    {
        var after = (BsonDocument)before.DeepClone();
        foreach (var (path, value) in _set)
        {
            path.Set(after, value);
        }

        foreach (var path in _unset)
        {
            path.Unset(after);
        }

        return after;
    }

    private static void RefuseOverlaps(FieldPath[] paths)
    {
        for (var i = 0; i < paths.Length; i++)
        {
            if (paths[..i].Any(paths[i].Overlaps))
            {
                throw new CommandRefused(40, "ConflictingUpdateOperators", "An update changes one field twice.");
            }
        }
    }
}
