using System.Globalization;
using System.Text.Json;

namespace ClusterGrains.Clusters;

/// <summary>Lenient reading: what is missing, null or of another type is null, and a number may come as text.</summary>
internal static class ClusterJson
{
    /// <summary>No answer that we ask for is nested more deeply.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 32 };

    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } text ? text.Lenient() : null;

    /// <summary>Also of a number or a boolean, as settings come in either form.</summary>
    public static string? Scalar(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.Lenient(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    public static double? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path)?.Scalar() is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>A count: not negative, at most what a double holds exactly.</summary>
    public static long? Count(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Number(path) is >= 0 and <= 9_007_199_254_740_992 and var number ? (long)number : null;

    public static bool? Flag(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path)?.Scalar() switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    // Half a surrogate pair is JSON, and no text.
    private static string? Lenient(this JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
