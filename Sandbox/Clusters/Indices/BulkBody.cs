using System.Text;
using System.Text.Json;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Takes the lines of a bulk body apart. One line that is wrong refuses the whole request.</summary>
internal sealed class BulkBody(PretendEngine engine, string? defaultIndex, bool requireAlias)
{
    private const int LongestId = 512;

    private readonly List<BulkAction> _actions = [];
    private int _line;

    /// <exception cref="EngineException">It is not well formed.</exception>
    public List<BulkAction> Parse(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new EngineError(400, "parse_exception", "request body is required").Thrown();
        }

        if (body[^1] != (byte)'\n')
        {
            throw Unterminated();
        }

        var at = 0;
        while (at < body.Length)
        {
            var action = Line(body, ref at);
            if (action.IsEmpty)
            {
                continue;
            }

            Add(action, body, ref at);
        }

        return _actions.Count > 0 ? _actions : throw IndexErrors.Validation("no requests added").Thrown();
    }

    private void Add(ReadOnlySpan<byte> line, ReadOnlySpan<byte> body, ref int at)
    {
        var action = Read(line);
        if (action.Kind == "delete")
        {
            if (action.Id is null)
            {
                throw IndexErrors.Validation("an id is required for a delete operation").Thrown();
            }

            _actions.Add(action);
            return;
        }

        if (at >= body.Length)
        {
            throw Unterminated();
        }

        var start = at;
        var source = Line(body, ref at);
        _actions.Add(action with { Start = start, Length = source.Length });
    }

    private ReadOnlySpan<byte> Line(ReadOnlySpan<byte> body, ref int at)
    {
        _line++;
        var rest = body[at..];
        var length = rest.IndexOf((byte)'\n');
        at += length + 1;
        return length > 0 && rest[length - 1] == '\r' ? rest[..(length - 1)] : rest[..length];
    }

    private BulkAction Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Malformed($"expected START_OBJECT but found [{reader.TokenType}]");
            }

            reader.Read();
            var kind = reader.TokenType != JsonTokenType.PropertyName ? throw Malformed("expected FIELD_NAME but found [END_OBJECT]")
                : reader.ValueTextEquals("index"u8) ? "index"
                : reader.ValueTextEquals("create"u8) ? "create"
                : reader.ValueTextEquals("delete"u8) ? "delete"
                : throw Malformed($"expected one of [create, delete, index, update] but found [{reader.GetString()}]");
            reader.Read();
            var action = Metadata(ref reader, kind);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.EndObject)
                {
                    throw Malformed($"expected END_OBJECT but found [{reader.TokenType}]");
                }
            }

            return action;
        }
        catch (JsonException broken)
        {
            throw IndexErrors.Json(broken.Message).Thrown();
        }
    }

    private BulkAction Metadata(ref Utf8JsonReader reader, string kind)
    {
        var (index, id, alias) = (defaultIndex, (string?)null, requireAlias);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Malformed($"expected START_OBJECT but found [{reader.TokenType}]");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = reader.ValueTextEquals("_id"u8) ? 'i'
                : reader.ValueTextEquals("_index"u8) ? 'x'
                : reader.ValueTextEquals("require_alias"u8) ? 'a'
                : reader.ValueTextEquals("routing"u8) || (engine.Major is 1 or 7 && reader.ValueTextEquals("_type"u8)) ? '-'
                : throw IndexErrors.IllegalArgument(
                    $"Action/metadata line [{_line}] contains an unknown parameter [{reader.GetString()}]").Thrown();
            reader.Read();
            (index, id, alias) = known switch
            {
                'i' => (index, Text(ref reader), alias),
                'x' => (Text(ref reader), id, alias),
                'a' => (index, id, reader.TokenType == JsonTokenType.True),
                _ => (index, id, alias),
            };
        }

        return new BulkAction(kind, index ?? throw IndexErrors.Validation("index is missing").Thrown(), Checked(id), alias, 0, 0);
    }

    private static string? Checked(string? id) => id is { Length: > LongestId / 4 } && Encoding.UTF8.GetByteCount(id) is > LongestId and var bytes
        ? throw IndexErrors.Validation($"id [{id}] is too long, must be no longer than {LongestId} bytes but was: {bytes}").Thrown()
        : id;

    private string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw Malformed($"expected a simple value for field [_id] but found [{reader.TokenType}]"),
    };

    private EngineException Malformed(string why) =>
        IndexErrors.IllegalArgument($"Malformed action/metadata line [{_line}], {why}").Thrown();

    private static EngineException Unterminated() =>
        IndexErrors.IllegalArgument("The bulk request must be terminated by a newline [\\n]").Thrown();
}
