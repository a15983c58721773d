using System.Text;
using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>MongoDB's order of values: by kind of type, then by value; all numbers are one kind, text is compared as UTF-8.</summary>
internal sealed class BsonOrder : IComparer<BsonValue>
{
    public static readonly BsonOrder Instance = new();

    int IComparer<BsonValue>.Compare(BsonValue? x, BsonValue? y) => Compare(x!, y!);

    public static int Compare(BsonValue left, BsonValue right)
    {
        var kinds = Kind(left).CompareTo(Kind(right));
        return kinds != 0 ? kinds : (left, right) switch
        {
            (BsonString a, BsonString b) => Text(a.Value, b.Value),
            (BsonDocument a, BsonDocument b) => Documents(a, b),
            (BsonArray a, BsonArray b) => Sequences(a, b),
            (BsonBinaryData a, BsonBinaryData b) => Binaries(a, b),
            (BsonObjectId a, BsonObjectId b) => a.Value.CompareTo(b.Value),
            (BsonBoolean a, BsonBoolean b) => a.Value.CompareTo(b.Value),
            (BsonDateTime a, BsonDateTime b) => a.MillisecondsSinceEpoch.CompareTo(b.MillisecondsSinceEpoch),
            (BsonDouble a, BsonDouble b) => a.Value.CompareTo(b.Value),
            (BsonDouble a, _) => -Number(right.ToInt64(), a.Value),
            (_, BsonDouble b) => Number(left.ToInt64(), b.Value),
            (BsonInt32 or BsonInt64, _) => left.ToInt64().CompareTo(right.ToInt64()),
            _ => 0,
        };
    }

    /// <summary>Values of different kinds are never less or greater than each other in a filter.</summary>
    public static int Kind(BsonValue value) => value.BsonType switch
    {
        BsonType.MinKey => 0,
        BsonType.Null => 1,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double => 2,
        BsonType.String => 3,
        BsonType.Document => 4,
        BsonType.Array => 5,
        BsonType.Binary => 6,
        BsonType.ObjectId => 7,
        BsonType.Boolean => 8,
        BsonType.DateTime => 9,
        BsonType.MaxKey => 10,
        var other => throw CommandRefused.NotUnderstood($"comparing a value of type {other}"),
    };

    // UTF-16 and UTF-8 order the same texts differently only where surrogates are involved.
    private static int Text(string left, string right) =>
        left.AsSpan().ContainsAnyInRange('\ud800', '\udfff') || right.AsSpan().ContainsAnyInRange('\ud800', '\udfff')
            ? Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))
            : string.CompareOrdinal(left, right);

    private static int Documents(BsonDocument left, BsonDocument right)
    {
        foreach (var (a, b) in left.Zip(right))
        {
            var kinds = Kind(a.Value).CompareTo(Kind(b.Value));
            var names = kinds != 0 ? kinds : Text(a.Name, b.Name);
            var values = names != 0 ? names : Compare(a.Value, b.Value);
            if (values != 0)
            {
                return values;
            }
        }

        return left.ElementCount.CompareTo(right.ElementCount);
    }

    private static int Sequences(BsonArray left, BsonArray right) =>
        left.Zip(right, Compare).FirstOrDefault(order => order != 0) is var first and not 0
            ? first
            : left.Count.CompareTo(right.Count);

    private static int Binaries(BsonBinaryData left, BsonBinaryData right)
    {
        var lengths = left.Bytes.Length.CompareTo(right.Bytes.Length);
        var types = lengths != 0 ? lengths : ((byte)left.SubType).CompareTo((byte)right.SubType);
        return types != 0 ? types : left.Bytes.AsSpan().SequenceCompareTo(right.Bytes);
    }

    // A double cannot hold every long, so neither is converted before it is known to fit.
    private static int Number(long left, double right) => right switch
    {
        double.NaN => 1,
        >= 9223372036854775808.0 => -1,
        < -9223372036854775808.0 => 1,
        _ when left != (long)right => left.CompareTo((long)right),
        _ => 0.0.CompareTo(right - Math.Truncate(right)),
    };
}
