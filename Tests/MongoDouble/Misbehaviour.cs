using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What the double does wrong on purpose, to everybody but the test that told it to.</summary>
internal sealed record Misbehaviour
{
    public static readonly Misbehaviour None = new();

    /// <summary>How long each command waits before it is looked at; a change of the misbehaviour ends the wait.</summary>
    public TimeSpan Slow { get; init; }

    /// <summary>So many writes are refused with NotWritablePrimary, as after an election.</summary>
    public int RefusedWrites { get; init; }

    /// <summary>So many writes are done and then the connection is closed instead of an answer.</summary>
    public int LostAnswers { get; init; }

    /// <summary>Every write is refused with OutOfDiskSpace.</summary>
    public bool DiskFull { get; init; }

    /// <summary>Requests are read and lost; connections stay open. What is lost is not answered afterwards either.</summary>
    public bool Silent { get; init; }

    public static Misbehaviour Parse(Fields fields) => new()
    {
        Slow = TimeSpan.FromMilliseconds(fields.Number("slow") ?? 0),
        RefusedWrites = (int)(fields.Number("refusedWrites") ?? 0),
        LostAnswers = (int)(fields.Number("lostAnswers") ?? 0),
        DiskFull = fields.Flag("diskFull"),
        Silent = fields.Flag("silent"),
    };

    public BsonDocument Command() => new()
    {
        { Faults.Command, 1 },
        { "slow", (long)Slow.TotalMilliseconds },
        { "refusedWrites", RefusedWrites },
        { "lostAnswers", LostAnswers },
        { "diskFull", DiskFull },
        { "silent", Silent },
    };
}
