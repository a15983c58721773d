using System.Text.RegularExpressions;

namespace ClusterGrains.Datasets;

/// <summary>Which of two versions is newer, by <see cref="SourceSpec.Order"/>. A total order: equal only when the names are.</summary>
public sealed partial class VersionComparer(VersionOrder order) : IComparer<string>
{
    /// <summary>Whether a folder of that name can be a version at all.</summary>
    public bool IsVersion(string name) => order is not VersionOrder.SemVer || SemVer().IsMatch(name);

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return string.CompareOrdinal(x, y);
        }

        var compared = order switch
        {
            VersionOrder.Numeric => Numeric(x, y),
            VersionOrder.SemVer when SemVer().Match(x) is { Success: true } left && SemVer().Match(y) is { Success: true } right =>
                Semantic(left, right),
            _ => 0,
        };
        return compared != 0 ? compared : string.CompareOrdinal(x, y);
    }

    private static int Numeric(string x, string y)
    {
        var (i, j) = (0, 0);
        while (i < x.Length && j < y.Length)
        {
            var compared = char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j])
                ? Digits(Take(x, ref i), Take(y, ref j))
                : x[i++].CompareTo(y[j++]);
            if (compared != 0)
            {
                return compared;
            }
        }

        return (x.Length - i).CompareTo(y.Length - j);
    }

    private static ReadOnlySpan<char> Take(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text.AsSpan(start..at);
    }

    // Numbers of any length, without parsing them.
    private static int Digits(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        x = x.TrimStart('0');
        y = y.TrimStart('0');
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.SequenceCompareTo(y);
    }

    private static int Semantic(Match x, Match y)
    {
        foreach (var part in (string[])["major", "minor", "patch"])
        {
            if (Digits(x.Groups[part].ValueSpan, y.Groups[part].ValueSpan) is not 0 and var compared)
            {
                return compared;
            }
        }

        var (left, right) = (x.Groups["pre"], y.Groups["pre"]);
        return left.Success && right.Success
            ? PreRelease(left.Value.Split('.'), right.Value.Split('.'))
            : right.Success.CompareTo(left.Success);
    }

    private static int PreRelease(string[] x, string[] y)
    {
        foreach (var (left, right) in x.Zip(y))
        {
            var compared = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit)) switch
            {
                (true, true) => Digits(left, right),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(left, right),
            };
            if (compared != 0)
            {
                return compared;
            }
        }

        return x.Length.CompareTo(y.Length);
    }

    [GeneratedRegex(
        @"\Av?(?<major>0|[1-9][0-9]*)\.(?<minor>0|[1-9][0-9]*)\.(?<patch>0|[1-9][0-9]*)(?:-(?<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SemVer();
}
