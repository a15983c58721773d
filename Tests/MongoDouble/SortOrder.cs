using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Documents in the order of some fields. A field that is not there sorts as null.</summary>
internal sealed class SortOrder(BsonDocument sort) : IComparer<BsonDocument>
{
    private readonly (FieldPath Path, int Sign)[] _fields = [.. sort.Select(field => (new FieldPath(field.Name), Sign(field)))];

    public int Compare(BsonDocument? x, BsonDocument? y)
    {
        foreach (var (path, sign) in _fields)
        {
            var order = BsonOrder.Compare(path.Find(x!) ?? BsonNull.Value, path.Find(y!) ?? BsonNull.Value);
            if (order != 0)
            {
                return sign * order;
            }
        }

        return 0;
    }

    private static int Sign(BsonElement field) => field.Value.IsNumeric && Math.Abs(field.Value.ToDouble()) == 1
        ? field.Value.ToInt32()
        : throw CommandRefused.NotUnderstood($"sorting by {field}");
}
