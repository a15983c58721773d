using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Resources;

namespace ClusterGrains.History;

/// <summary>The JSON of history records: camelCase, enums in lower case, times in UTC with milliseconds.</summary>
[JsonSerializable(typeof(HistoryRecord))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    /// <summary>Use this one: attributes cannot express the encoder, the enum names and the time format.</summary>
    public static HistoryJson Format { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<RecordKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<Severity>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new UtcMilliseconds(),
        },
    });

    /// <summary>One width for all, so that every reader infers a timestamp.</summary>
    internal sealed class UtcMilliseconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(
                value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
