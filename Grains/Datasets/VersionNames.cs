using System.Text;
using System.Text.RegularExpressions;

namespace ClusterGrains.Datasets;

/// <summary>Which folders are versions, and which of two versions is newer.</summary>
internal sealed partial class VersionNames : IComparer<string>
{
    public const int MaxLength = 128;

    private readonly VersionOrder _order;

    // Who only compares needs none, and an automaton is expensive to build.
    private readonly Lazy<Regex?> _pattern;

    public VersionNames(SourceSpec source)
    {
        _order = source.Order;
        _pattern = new(() => source.Pattern is { } pattern ? Whole(pattern) : null);
    }

    /// <summary>What is wrong with a pattern; null for a good one, or none.</summary>
    public static string? PatternProblem(string? pattern)
    {
        try
        {
            _ = pattern is null ? null : Whole(pattern);
            return null;
        }
        catch (Exception mistake) when (mistake is ArgumentException or NotSupportedException)
        {
            return mistake.Message;
        }
    }

    /// <summary>Whether a folder of this name is a version. Such a name never leads out of its folder.</summary>
    /// <exception cref="ArgumentException">The pattern is none; an accepted spec has a good one.</exception>
    public bool IsVersion(string name) =>
        name.Length is > 0 and <= MaxLength
        && name is not ("." or "..")
        && !name.Any(c => c is '/' or '\\' || char.IsControl(c))
        && (_pattern.Value?.IsMatch(name) ?? name[0] is not ('_' or '.'))
        && (_order is not VersionOrder.SemVer || SemVer().IsMatch(name));

    /// <summary>Less than zero when <paramref name="x"/> is the older one; zero only for the same name.</summary>
    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var order = _order switch
        {
            VersionOrder.Numeric => CompareNumeric(a, b),
            VersionOrder.SemVer => CompareSemVer(SemVer().Match(a), SemVer().Match(b)),
            _ => 0,
        };
        return order != 0 ? order : Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
    }

    /// <summary>
    /// A user writes the pattern: an automaton takes time by the length of the name alone, and is refused when it would
    /// be large. On its own first: with more brackets closed than opened it would reach out of the group.
    /// </summary>
    private static Regex Whole(string pattern)
    {
        const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        return new($@"\A(?:{new Regex(pattern, Linear)})\z", Linear);
    }

    private static int CompareNumeric(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (a.Length > 0 && b.Length > 0)
        {
            var (digitsOfA, digitsOfB) = (Digits(a), Digits(b));
            var inNumber = digitsOfA > 0 && digitsOfB > 0;
            var order = inNumber ? CompareNumbers(a[..digitsOfA], b[..digitsOfB]) : a[0].CompareTo(b[0]);
            if (order != 0)
            {
                return order;
            }

            a = a[(inNumber ? digitsOfA : 1)..];
            b = b[(inNumber ? digitsOfB : 1)..];
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    // Of any length: dates with times do not fit a long for ever.
    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }

    private static int CompareSemVer(Match a, Match b)
    {
        foreach (var part in new[] { "major", "minor", "patch" })
        {
            var order = CompareNumbers(a.Groups[part].ValueSpan, b.Groups[part].ValueSpan);
            if (order != 0)
            {
                return order;
            }
        }

        var (before, after) = (a.Groups["pre"].Value, b.Groups["pre"].Value);
        return (before.Length, after.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => ComparePrerelease(before.Split('.'), after.Split('.')),
        };
    }

    private static int ComparePrerelease(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var (numberA, numberB) = (Digits(a[i]) == a[i].Length, Digits(b[i]) == b[i].Length);
            var order = (numberA, numberB) switch
            {
                (true, true) => CompareNumbers(a[i], b[i]),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(a[i], b[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    /// <summary>The expression of semver.org, with a <c>v</c> before it.</summary>
    [GeneratedRegex(@"^[vV]?(?<major>0|[1-9][0-9]*)\.(?<minor>0|[1-9][0-9]*)\.(?<patch>0|[1-9][0-9]*)"
        + @"(?:-(?<pre>(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
        + @"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex SemVer();
}
