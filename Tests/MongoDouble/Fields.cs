using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Reads a document field by field; what nobody has asked for is refused by <see cref="Done"/>.</summary>
internal sealed class Fields(BsonDocument document, string name)
{
    private readonly HashSet<string> _taken = [];

    public BsonValue? Any(string field)
    {
        _taken.Add(field);
        return document.TryGetValue(field, out var value) ? value : null;
    }

    public BsonValue Required(string field) =>
        Any(field) ?? throw new CommandRefused(40414, "Location40414", $"BSON field '{name}.{field}' is missing.");

    public string Text(string field) => Required(field) is BsonString text ? text.Value : throw WrongType(field, "text");

    public bool Flag(string field, bool otherwise = false) => Any(field) switch
    {
        null => otherwise,
        BsonBoolean flag => flag.Value,
        var value when value.IsNumeric => value.ToDouble() != 0,
        _ => throw WrongType(field, "a boolean"),
    };

    public long? Number(string field) => Any(field) switch
    {
        null => null,
        var value when value.IsNumeric => value.ToInt64(),
        _ => throw WrongType(field, "a number"),
    };

    public BsonDocument? Document(string field) => Any(field) switch
    {
        null => null,
        BsonDocument value => value,
        _ => throw WrongType(field, "a document"),
    };

    public BsonDocument[] Documents(string field) => Required(field) is BsonArray all && all.All(item => item is BsonDocument)
        ? [.. all.Cast<BsonDocument>()]
        : throw WrongType(field, "an array of documents");

    /// <summary>Everything has been asked for that is understood here.</summary>
    public void Done()
    {
        if (document.Names.FirstOrDefault(field => !_taken.Contains(field)) is { } unknown)
        {
            throw CommandRefused.UnknownField($"{name}.{unknown}");
        }
    }

    private CommandRefused WrongType(string field, string wanted) =>
        new(14, "TypeMismatch", $"BSON field '{name}.{field}' must be {wanted}, not {document[field].BsonType}.");
}
