using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Status;

/// <summary>Keeps a status document within its bound, whatever went into it.</summary>
internal static class StatusText
{
    /// <summary>Of the whole document as UTF-8; the API server's own bound for an object is 1.5 MiB.</summary>
    public const int MaxBytes = 8 * 1024;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// At most <paramref name="maxBytes"/> of UTF-8 once quoted in JSON. What is too long is cut at a rune and ends in an
    /// ellipsis.
    /// </summary>
    public static string Cut(string text, int maxBytes)
    {
        const char ellipsis = '…';
        var (used, beforeEllipsis) = (0, 0);
        var kept = new StringBuilder(Math.Min(text.Length, maxBytes));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Rune.IsControl(rune) ? new Rune(' ') : rune;
            used += shown.Value is '"' or '\\' ? 2 : EscapedLength(shown);
            if (used > maxBytes)
            {
                kept.Length = beforeEllipsis;
                return kept.Append(ellipsis).ToString();
            }

            kept.Append(shown);
            beforeEllipsis = used <= maxBytes - Encoding.UTF8.GetByteCount([ellipsis]) ? kept.Length : beforeEllipsis;
        }

        return kept.ToString();
    }

    /// <summary>Size of the document as it is sent.</summary>
    public static int Bytes(JsonNode document) => Encoding.UTF8.GetByteCount(document.ToJsonString(Relaxed));

    public static string Write(JsonNode document) => document.ToJsonString(Relaxed);

    /// <summary>Drops entries from the end of whichever list is the longest until the document fits.</summary>
    public static void Fit(JsonObject document, params JsonArray[] lists)
    {
        while (Bytes(document) > MaxBytes && lists.MaxBy(Bytes) is { Count: > 0 } longest)
        {
            longest.RemoveAt(longest.Count - 1);
        }
    }

    /// <summary>The encoder leaves most of the first plane alone and writes the rest as \uXXXX pairs.</summary>
    private static int EscapedLength(Rune rune) => Math.Max(
        rune.Utf8SequenceLength,
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(rune.ToString()).Length);
}
