using System.Globalization;
using System.Text;

namespace ClusterGrains.Resources;

/// <summary>Makes text that a stranger wrote fit for terminals, logs and the status.</summary>
public static class SafeText
{
    /// <summary>
    /// The text on one line: control and formatting characters (terminal escapes, line breaks, bidirectional overrides)
    /// and broken surrogates become blanks, runs of blanks become one, and what is longer ends in an ellipsis.
    /// </summary>
    /// <param name="maxLength">In UTF-16 units, the ellipsis included; at least 1.</param>
    public static string Clean(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        var blank = false;
        for (var i = 0; i < text.Length;)
        {
            var whole = Rune.TryGetRuneAt(text, i, out var rune);
            i += whole ? rune.Utf16SequenceLength : 1;
            if (!whole || IsBlank(rune))
            {
                blank = clean.Length > 0;
                continue;
            }

            if (clean.Length + (blank ? 1 : 0) + rune.Utf16SequenceLength > maxLength)
            {
                return Cut(clean, maxLength);
            }

            _ = blank ? clean.Append(' ') : clean;
            _ = clean.Append(rune.ToString());
            blank = false;
        }

        return clean.ToString();
    }

    private static bool IsBlank(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;

    private static string Cut(StringBuilder clean, int maxLength)
    {
        while (clean.Length >= maxLength)
        {
            clean.Length -= clean.Length > 1 && char.IsLowSurrogate(clean[^1]) ? 2 : 1;
        }

        return clean.Append('…').ToString();
    }
}
