using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What a driver asks about the server itself.</summary>
internal sealed class ServerCommands(string address, MongoMode mode)
{
    public const string SetName = "rs0";

    // MongoDB 7.0.
    private const int WireVersion = 21;

    // It goes on with the term of its predecessor: there is nobody to elect another.
    private static readonly ObjectId Election = ObjectId.Parse("7fffffff0000000000000001");

    public BsonDocument Hello(Command command)
    {
        command.Fields.Flag("helloOk");
        command.Fields.Document("client");
        command.Fields.Any("compression");
        command.Fields.Any("backpressure");
        command.Fields.Done();

        var answer = new BsonDocument
        {
            { command.Name == "hello" ? "isWritablePrimary" : "ismaster", true },
            { "helloOk", true },
            { "maxBsonObjectSize", 16 * 1024 * 1024 },
            { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", 100_000 },
            { "localTime", DateTime.UtcNow },
            { "logicalSessionTimeoutMinutes", 30 },
            { "minWireVersion", 0 },
            { "maxWireVersion", WireVersion },
            { "readOnly", false },
        };
        return (mode == MongoMode.ReplicaSet ? answer.AddRange(Membership()) : answer).Add("ok", 1.0);
    }

    public static BsonDocument Ping(Command command)
    {
        command.Fields.Done();
        return Command.Ok;
    }

    public static BsonDocument BuildInfo(Command command)
    {
        command.Fields.Done();
        return new() { { "version", "7.0.0" }, { "versionArray", new BsonArray { 7, 0, 0, 0 } }, { "ok", 1.0 } };
    }

    /// <summary>Sessions here hold nothing that must be given back.</summary>
    public static BsonDocument EndSessions(Command command)
    {
        command.Fields.Done();
        return Command.Ok;
    }

    private BsonDocument Membership() => new()
    {
        { "setName", SetName },
        { "setVersion", 1 },
        { "electionId", Election },
        { "secondary", false },
        { "hosts", new BsonArray { address } },
        { "primary", address },
        { "me", address },
    };
}
