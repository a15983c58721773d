using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Every command there is.</summary>
internal sealed class Dispatcher
{
    private static readonly string[] Writes = ["insert", "update", "delete", "createIndexes", "dropDatabase"];

    private readonly Dictionary<string, Func<Command, Task<BsonDocument>>> _commands;

    public Dispatcher(DocumentStore store, ServerCommands server, Faults faults, MongoMode mode)
    {
        var reads = new ReadCommands(store);
        var writes = new WriteCommands(store, mode);
        _commands = new()
        {
            ["hello"] = At(server.Hello),
            ["isMaster"] = At(server.Hello),
            ["ping"] = At(ServerCommands.Ping),
            ["buildInfo"] = At(ServerCommands.BuildInfo),
            ["endSessions"] = At(ServerCommands.EndSessions),
            ["find"] = reads.Find,
            ["distinct"] = reads.Distinct,
            ["getMore"] = reads.More,
            ["killCursors"] = reads.Kill,
            ["insert"] = writes.Insert,
            ["update"] = writes.Update,
            ["delete"] = writes.Delete,
            ["createIndexes"] = writes.CreateIndexes,
            ["dropDatabase"] = writes.DropDatabase,
            [Faults.Command] = At(faults.Change),
        };
    }

    public static bool IsWrite(BsonDocument request) => request.ElementCount > 0 && Writes.Contains(request.GetElement(0).Name);

    public Task<BsonDocument> Run(BsonDocument request)
    {
        var name = request.ElementCount > 0 ? request.GetElement(0).Name : "";
        return _commands.TryGetValue(name, out var run)
            ? run(new Command(request))
            : throw CommandRefused.NoSuchCommand(name);
    }

    private static Func<Command, Task<BsonDocument>> At(Func<Command, BsonDocument> answer) =>
        command => Task.FromResult(answer(command));
}
