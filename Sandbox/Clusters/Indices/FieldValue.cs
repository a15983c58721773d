using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>What a typed field takes, and what type a value suggests. Coercion is on, as it is by default.</summary>
internal static partial class FieldValue
{
    private const int PreviewLength = 60;

    /// <summary>Why the value, which is neither null nor a list, is not of the field's type; null when it is.</summary>
    public static EngineError? Refuse(ref Utf8JsonReader reader, Field field) => field.Type switch
    {
        "long" or "unsigned_long" => Whole(ref reader, long.MinValue, field.Type == "long" ? long.MaxValue : ulong.MaxValue, "a long"),
        "integer" => Whole(ref reader, int.MinValue, int.MaxValue, "an integer"),
        "short" => Whole(ref reader, short.MinValue, short.MaxValue, "a short"),
        "byte" => Whole(ref reader, sbyte.MinValue, sbyte.MaxValue, "a byte"),
        "double" or "float" or "half_float" or "scaled_float" => Number(ref reader).Error,
        "boolean" => Boolean(ref reader),
        "date" or "date_nanos" => Date(ref reader, field.Format),
        "keyword" or "text" or "wildcard" or "match_only_text" or "constant_keyword" or "search_as_you_type" => Plain(ref reader),
        "ip" => Ip(ref reader),
        _ => Anything(ref reader),
    };

    /// <summary>The type of a field that nobody mapped; null when nobody can say.</summary>
    public static string? Guess(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return "boolean";
            case JsonTokenType.Number:
                return reader.TryGetInt64(out _) ? "long" : "float";
            case JsonTokenType.StartObject:
                return "object";
            case JsonTokenType.String:
                return reader.ValueSpan.Length <= 40 && DetectedDate().IsMatch(reader.GetString()!) ? "date" : "text";
            case JsonTokenType.StartArray:
                var ahead = reader;
                return ahead.Read() && ahead.TokenType is not (JsonTokenType.EndArray or JsonTokenType.Null)
                    ? Guess(ref ahead)
                    : null;
            default:
                return null;
        }
    }

    public static string Preview(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.EndArray
            ? "{...}"
            : Encoding.UTF8.GetString(reader.ValueSpan);
        return text.Length > PreviewLength ? text[..PreviewLength] : text;
    }

    private static EngineError? Whole(ref Utf8JsonReader reader, decimal least, decimal most, string what)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole))
        {
            return whole >= least && whole <= most ? null : OutOfRange(ref reader, what);
        }

        var (number, error) = Number(ref reader);
        return error ?? (number >= (double)least && number <= (double)most ? null : OutOfRange(ref reader, what));
    }

    private static EngineError OutOfRange(ref Utf8JsonReader reader, string what) =>
        IndexErrors.IllegalArgument($"Value [{Preview(ref reader)}] is out of range for {what}");

    private static (double Number, EngineError? Error) Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return (reader.GetDouble(), null);
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return Utf8Parser.TryParse(reader.ValueSpan, out double number, out var used)
                && used == reader.ValueSpan.Length && double.IsFinite(number)
                ? (number, null)
                : (0, new EngineError(400, "number_format_exception", $"For input string: \"{reader.GetString()}\""));
        }

        return (0, Token(ref reader, "Current token is not numeric, can not use numeric value accessors"));
    }

    private static EngineError? Boolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => null,
        JsonTokenType.String when reader.ValueSpan.Length == 0 => null,
        JsonTokenType.String when reader.ValueTextEquals("true"u8) || reader.ValueTextEquals("false"u8) => null,
        _ => Token(ref reader, $"Failed to parse value [{Preview(ref reader)}] as only [true] or [false] are allowed."),
    };

    private static EngineError? Date(ref Utf8JsonReader reader, string? format)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _))
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            // The many other formats there are take any text here.
            var isUsual = format is null || format.Contains("strict_date_optional_time", StringComparison.Ordinal);
            return !isUsual || IsDate(reader.GetString()!)
                ? null
                : IndexErrors.IllegalArgument(
                    $"failed to parse date field [{Preview(ref reader)}] with format "
                    + $"[{format ?? "strict_date_optional_time||epoch_millis"}]");
        }

        return Token(ref reader, $"failed to parse date field [{Preview(ref reader)}]");
    }

    private static bool IsDate(string text) =>
        Millis().IsMatch(text)
        || (OptionalTime().IsMatch(text)
            && (text.Length < 10 || DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));

    private static EngineError? Plain(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return null;
        }

        reader.Skip();
        return new EngineError(400, "illegal_state_exception", "Can't get text on a START_OBJECT");
    }

    private static EngineError? Ip(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && IPAddress.TryParse(reader.GetString(), out _)
            ? null
            : Token(ref reader, $"'{Preview(ref reader)}' is not an IP string literal.");

    private static EngineError? Anything(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return null;
    }

    private static EngineError Token(ref Utf8JsonReader reader, string reason)
    {
        reader.Skip();
        return IndexErrors.IllegalArgument(reason);
    }

    [GeneratedRegex(@"^-?\d{1,18}$")]
    private static partial Regex Millis();

    [GeneratedRegex(@"^\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$")]
    private static partial Regex OptionalTime();

    [GeneratedRegex(@"^\d{4}[-/]\d{2}[-/]\d{2}([T ][\d:.,]+(Z|[+-]\d{2}:?\d{2})?)?$")]
    private static partial Regex DetectedDate();
}
