using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterGrains.Resources;

/// <summary>Durations in a spec. The schemas let pass what has this pattern and these lengths.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public const string Pattern = "^([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,6}s)?$";
    public const int MinLength = 2;
    public const int MaxLength = 16;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && Durations.TryParse(reader.GetString(), out var duration)
            ? duration
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Durations.Format(value));
}
