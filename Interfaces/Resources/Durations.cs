using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterGrains.Resources;

/// <summary>
/// Durations as people write them in a spec or a setting: hours, minutes, seconds and milliseconds, in this order, each
/// at most once, for example <c>90s</c>, <c>5m</c>, <c>1h30m</c>.
/// </summary>
public static partial class Durations
{
    /// <summary>False for anything but the form above: no sign, no fraction, no blank, at most seven digits per unit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text) || Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        duration = TimeSpan.FromHours(Unit(match, "h"))
            + TimeSpan.FromMinutes(Unit(match, "m"))
            + TimeSpan.FromSeconds(Unit(match, "s"))
            + TimeSpan.FromMilliseconds(Unit(match, "ms"));
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> has another form.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out var duration)
        ? duration
        : throw new FormatException($"'{text}' is not a duration; write for example 90s, 5m or 1h30m.");

    /// <summary>The shortest text that <see cref="TryParse"/> reads back, to the millisecond; days are shown as hours.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is negative.</exception>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var text = string.Concat(
            Part((long)duration.TotalHours, "h"),
            Part(duration.Minutes, "m"),
            Part(duration.Seconds, "s"),
            Part(duration.Milliseconds, "ms"));
        return text.Length == 0 ? "0s" : text;
    }

    private static long Unit(Match match, string unit) =>
        match.Groups[unit] is { Success: true } digits ? long.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static string Part(long count, string unit) =>
        count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture) + unit;

    [GeneratedRegex(@"\A(?:(?<h>[0-9]{1,7})h)?(?:(?<m>[0-9]{1,7})m)?(?:(?<s>[0-9]{1,7})s)?(?:(?<ms>[0-9]{1,7})ms)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
