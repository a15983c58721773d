using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>One index as a client asked for it. Only unique ones do something here: there is no query that a scan is too slow for.</summary>
internal sealed class IndexSpec
{
    private static readonly string[] NotInPartial = ["$ne", "$exists"];

    private readonly FieldPath[] _paths;
    private readonly Filter? _only;

    public IndexSpec(BsonDocument spec)
    {
        Spec = spec;
        var fields = new Fields(spec, "indexes");
        Name = fields.Text("name");
        var key = fields.Document("key") ?? throw CommandRefused.UnknownField("indexes without key");
        IsUnique = fields.Flag("unique");
        var partial = fields.Document("partialFilterExpression");
        fields.Number("v");
        fields.Done();

        if (key.ElementCount == 0 || key.Values.Any(direction => !direction.IsNumeric || Math.Abs(direction.ToDouble()) != 1))
        {
            throw CommandRefused.NotUnderstood($"an index over {key}");
        }

        _paths = [.. key.Names.Select(name => new FieldPath(name))];
        _only = partial is null ? null : new Filter(Supported(partial));
    }

    public string Name { get; }

    public bool IsUnique { get; }

    public BsonDocument Spec { get; }

    /// <summary>The document's entry; null when the index leaves it out.</summary>
    public BsonValue? Key(BsonDocument document) => _only?.Matches(document) == false
        ? null
        : new BsonArray(_paths.Select(path => path.Find(document) ?? BsonNull.Value));

    // MongoDB refuses these in a partial index, except $exists: true.
    private static BsonDocument Supported(BsonDocument partial) =>
        partial.Values.OfType<BsonDocument>().SelectMany(operators => operators)
            .FirstOrDefault(used => NotInPartial.Contains(used.Name) && !(used.Name == "$exists" && used.Value.ToBoolean())) is { Name: { } refused }
            ? throw new CommandRefused(67, "CannotCreateIndex", $"Expression not supported in partial index: {refused}")
            : partial;
}
