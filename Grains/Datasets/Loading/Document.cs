using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ClusterGrains.Datasets.Loading;

/// <summary>Looks at one line: is it one JSON object, and which id does it bear?</summary>
internal static class Document
{
    /// <summary>Of an id, unescaped: what the engines take.</summary>
    public const int MaxIdBytes = 512;

    // A byte of an id takes at most the six characters of an escape.
    private const int MaxEscapedBytes = 6 * MaxIdBytes;

    // As deep as the engines' own parser goes.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    /// <param name="idField">Empty: no id is looked for.</param>
    /// <param name="id">As it stands between the quotes, escapes and all; empty when there is none.</param>
    /// <returns>What is wrong with the line; null when nothing is.</returns>
    public static DocumentProblem? Inspect(ReadOnlySpan<byte> line, ReadOnlySpan<byte> idField, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (!Utf8.IsValid(line))
        {
            return new DocumentProblem("invalid_json", "The line is not UTF-8.");
        }

        try
        {
            return Read(line, idField, out id);
        }
        catch (JsonException failure)
        {
            id = default;
            return new DocumentProblem("invalid_json", failure.Message);
        }
    }

    private static DocumentProblem? Read(ReadOnlySpan<byte> line, ReadOnlySpan<byte> idField, out ReadOnlySpan<byte> id)
    {
        var reader = new Utf8JsonReader(line, Options);
        var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
        var problem = idField.IsEmpty ? null : new DocumentProblem("id_missing", "The document has no such field, or it is null.");
        var found = false;
        id = default;
        while (reader.Read())
        {
            if (idField.IsEmpty || found || reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals(idField) && reader.Read())
            {
                found = true;
                problem = ReadId(ref reader, out id) ?? (id.IsEmpty ? problem : null);
            }
        }

        return isObject ? problem : new DocumentProblem("not_an_object", "The line is JSON, but not an object.");
    }

    private static DocumentProblem? ReadId(scoped ref Utf8JsonReader reader, out ReadOnlySpan<byte> id)
    {
        id = default;
        var value = reader.ValueSpan;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when value.IndexOfAnyExceptInRange((byte)'-', (byte)'9') >= 0 || value.Contains((byte)'.'):
                return Invalid("is a number, but not a whole one");
            case JsonTokenType.Number or JsonTokenType.String when value.IsEmpty:
                return Invalid("is empty");
            case JsonTokenType.Number or JsonTokenType.String when Unescaped(ref reader) is not (> 0 and <= MaxIdBytes):
                return Invalid($"is longer than {MaxIdBytes} bytes or not a text");
            case JsonTokenType.Number or JsonTokenType.String:
                id = value;
                return null;
            default:
                return Invalid("is neither a text nor a whole number");
        }
    }

    private static DocumentProblem Invalid(string what) => new("id_invalid", $"The id {what}.");

    /// <summary>Length of the value; null when its escapes make no text (half of a surrogate pair).</summary>
    private static int? Unescaped(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.Length;
        }

        if (reader.ValueSpan.Length > MaxEscapedBytes)
        {
            return null;
        }

        try
        {
            return reader.CopyString(stackalloc byte[MaxEscapedBytes]);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The id as people read it.</summary>
    public static string Readable(ReadOnlySpan<byte> id)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{Encoding.UTF8.GetString(id)}\""));
        reader.Read();
        return reader.GetString()!;
    }
}

/// <param name="Type">See <see cref="RejectedDocument"/>.</param>
internal sealed record DocumentProblem(string Type, string Reason);
