using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Keeps the named fields and, unless told otherwise, <c>_id</c>.</summary>
internal sealed class Projection
{
    private readonly FieldPath[] _kept;

    public Projection(BsonDocument projection)
    {
        var kept = projection.Where(field => field.Name != "_id" || field.Value.ToBoolean()).ToArray();
        if (kept.FirstOrDefault(field => !(field.Value.IsNumeric || field.Value.IsBoolean) || !field.Value.ToBoolean()) is { Name: { } refused })
        {
            throw CommandRefused.NotUnderstood($"a projection that does more than to keep fields: {refused}");
        }

        var hasId = !projection.TryGetValue("_id", out var id) || id.ToBoolean();
        _kept = [.. kept.Where(field => field.Name != "_id").Select(field => new FieldPath(field.Name))];
        if (_kept.Length == 0 && !hasId)
        {
            throw CommandRefused.NotUnderstood($"the projection {projection}, which keeps nothing");
        }

        _kept = hasId ? [new FieldPath("_id"), .. _kept] : _kept;
    }

    public BsonDocument Apply(BsonDocument document)
    {
        var result = new BsonDocument();
        foreach (var path in _kept)
        {
            if (path.Any(document) is { } value)
            {
                path.Set(result, value.DeepClone());
            }
        }

        return result;
    }
}
