using System.Globalization;

namespace ClusterGrains.Storage;

/// <summary>
/// Instants as every storage keeps them: UTC text of fixed width with seven decimals, readable, lossless, sorted as it
/// reads.
/// </summary>
internal static class StoredTime
{
    /// <param name="instant">An instant of unspecified kind is taken for UTC, as Orleans means it.</param>
    public static string Text(DateTime instant)
    {
        var utc = instant.Kind is DateTimeKind.Local
            ? instant.ToUniversalTime()
            : DateTime.SpecifyKind(instant, DateTimeKind.Utc);
        return utc.ToString("O", CultureInfo.InvariantCulture);
    }

    public static string? Text(DateTimeOffset? instant) => instant is { } at ? Text(at.UtcDateTime) : null;

    /// <exception cref="FormatException">The text is not one of ours.</exception>
    public static DateTime Parse(string text) =>
        DateTime.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>False when the text is not one of ours.</summary>
    public static bool TryParse(string text, out DateTime instant) =>
        DateTime.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out instant)
        && instant.Kind is DateTimeKind.Utc;
}
