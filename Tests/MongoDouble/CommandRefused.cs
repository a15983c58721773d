using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>The double does not do this, as MongoDB would or because nobody has taught it to.</summary>
internal sealed class CommandRefused(int code, string codeName, string message) : Exception(message)
{
    private const int NotPrimary = 10107;

    /// <summary>Something MongoDB may understand and the double does not. Nothing has been done.</summary>
    public static CommandRefused NotUnderstood(string what) => new(2, "BadValue", $"The double does not understand {what}.");

    public static CommandRefused UnknownField(string field) =>
        new(40415, "Location40415", $"BSON field '{field}' is an unknown field to the double.");

    public static CommandRefused NoSuchCommand(string command) =>
        new(59, "CommandNotFound", $"no such command to the double: '{command}'");

    public static CommandRefused NotWritablePrimary() => new(NotPrimary, "NotWritablePrimary", "not primary");

    /// <param name="isRetryable">A write that says how it can be known again: the driver is told when it may send it again.</param>
    public BsonDocument Answer(bool isRetryable)
    {
        var answer = new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", code }, { "codeName", codeName } };
        return isRetryable && code == NotPrimary ? answer.Add("errorLabels", new BsonArray { "RetryableWriteError" }) : answer;
    }
}
