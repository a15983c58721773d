using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>A request, and what every one of them may carry. Only fields that somebody asks for are accepted.</summary>
internal sealed class Command
{
    private static readonly string[] ReadLevels = ["local", "available", "majority"];

    public Command(BsonDocument document)
    {
        Name = document.ElementCount > 0 ? document.GetElement(0).Name : "";
        Fields = new Fields(document, Name);
        Target = Fields.Required(Name);
        Database = Fields.Text("$db");
        Session = Fields.Document("lsid");
        Fields.Document("$readPreference");
        Fields.Number("maxTimeMS");
    }

    public string Name { get; }

    /// <summary>The value of the first field: a collection's name, or 1.</summary>
    public BsonValue Target { get; }

    public string Database { get; }

    public BsonDocument? Session { get; }

    public Fields Fields { get; }

    /// <summary>The name of the collection with its database in front.</summary>
    public string Collection => Target is BsonString { Value.Length: > 0 } name
        ? $"{Database}.{name.Value}"
        : throw CommandRefused.NotUnderstood($"{Name} without a collection's name");

    public static BsonDocument Ok => new("ok", 1.0);

    /// <summary>There is one member: what it has written is what a majority has.</summary>
    public void CheckReadConcern()
    {
        if (Fields.Document("readConcern") is not { } concern)
        {
            return;
        }

        var fields = new Fields(concern, "readConcern");
        if (fields.Any("level") is { } level && !ReadLevels.Contains(level.AsString))
        {
            throw CommandRefused.NotUnderstood($"the read concern {level}");
        }

        fields.Done();
    }

    public void CheckWriteConcern()
    {
        if (Fields.Document("writeConcern") is not { } concern)
        {
            return;
        }

        var fields = new Fields(concern, "writeConcern");
        var members = fields.Any("w");
        fields.Flag("j");
        fields.Number("wtimeout");
        fields.Done();
        if (members is not null && members != "majority" && !(members.IsNumeric && members.ToInt32() == 1))
        {
            throw new CommandRefused(100, "UnsatisfiableWriteConcern", $"One member cannot satisfy w: {members}.");
        }
    }
}
