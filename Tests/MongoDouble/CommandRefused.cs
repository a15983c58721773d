using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>The double does not do this, as MongoDB would or because nobody has taught it to.</summary>
internal sealed class CommandRefused(int code, string codeName, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>Something MongoDB may understand and the double does not. Nothing has been done.</summary>
    public static CommandRefused NotUnderstood(string what) => new(2, "BadValue", $"The double does not understand {what}.");

    public static CommandRefused UnknownField(string field) =>
        new(40415, "Location40415", $"BSON field '{field}' is an unknown field to the double.");

    public static CommandRefused NoSuchCommand(string command) =>
        new(59, "CommandNotFound", $"no such command to the double: '{command}'");

    public BsonDocument Answer() => new()
    {
        { "ok", 0.0 },
        { "errmsg", Message },
        { "code", Code },
        { "codeName", codeName },
    };
}
