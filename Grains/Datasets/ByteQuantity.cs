using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace ClusterGrains.Datasets;

/// <summary>A size in bytes, written as a Kubernetes quantity: <c>8Mi</c>, <c>512Ki</c>, <c>1Gi</c> or plain bytes.</summary>
[JsonConverter(typeof(ByteQuantityConverter))]
public readonly partial record struct ByteQuantity(long Bytes)
{
    public const string Pattern = "^[1-9][0-9]{0,11}(Ki|Mi|Gi)?$";
    public const int MaxLength = 16;

    private static readonly (string Suffix, int Shift)[] Units = [("Gi", 30), ("Mi", 20), ("Ki", 10)];

    /// <summary>False for anything but the form above; fractions, signs and other units too.</summary>
    public static bool TryParse(string? text, out ByteQuantity quantity)
    {
        quantity = default;
        if (text is null || Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var shift = Units.FirstOrDefault(unit => unit.Suffix == match.Groups["unit"].Value).Shift;
        quantity = new(long.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) << shift);
        return true;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads back.</summary>
    public override string ToString()
    {
        var bytes = Bytes;
        var (suffix, shift) = Units.FirstOrDefault(unit => bytes != 0 && bytes % (1L << unit.Shift) == 0, (Suffix: "", Shift: 0));
        return (bytes >> shift).ToString(CultureInfo.InvariantCulture) + suffix;
    }

    [GeneratedRegex(@"\A(?<count>[1-9][0-9]{0,11})(?<unit>Ki|Mi|Gi)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

internal sealed class ByteQuantityConverter : JsonConverter<ByteQuantity>
{
    public override ByteQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && ByteQuantity.TryParse(reader.GetString(), out var quantity)
            ? quantity
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, ByteQuantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
