using System.Text;

namespace ClusterGrains.Datasets.Loading;

/// <summary>Cuts what is kept of rejected documents.</summary>
internal static class RejectedText
{
    /// <summary>Of the document.</summary>
    public const int MaxBytes = 16 << 10;

    /// <summary>Of what the engine said, in characters.</summary>
    public const int MaxReason = 1_000;

    /// <summary>The beginning of a text, cut between two characters; what is not UTF-8 is shown as U+FFFD.</summary>
    public static string Raw(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxBytes)
        {
            var end = MaxBytes;
            while (end > MaxBytes - 4 && (text[end] & 0xC0) == 0x80)
            {
                end--;
            }

            text = text[..end];
        }

        return Encoding.UTF8.GetString(text);
    }

    public static string Reason(string reason) => reason.Length <= MaxReason ? reason : $"{reason.AsSpan(0, MaxReason)}…";
}
