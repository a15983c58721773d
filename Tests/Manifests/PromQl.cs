using System.Text.RegularExpressions;

namespace ClusterGrains.Tests.Manifests;

/// <summary>As much of PromQL as tells which series an expression is about.</summary>
internal static partial class PromQl
{
    private static readonly string[] Words = ["and", "or", "unless", "offset", "bool", "inf", "nan"];

    /// <summary>A series that is asked for, and the labels it is chosen by.</summary>
    public sealed record Selector(string Name, IReadOnlyList<(string Label, string Value)> Matchers);

    public static IReadOnlyList<Selector> Selectors(string expression) =>
    [
        .. from Match found in Name().Matches(Grouping().Replace(expression, " "))
           where !Words.Contains(found.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
           select new Selector(
               found.Groups["name"].Value,
               [.. Matcher().Matches(found.Groups["matchers"].Value).Select(one => (one.Groups["label"].Value, one.Groups["value"].Value))]),
    ];

    /// <summary>The labels by which series are put together or matched.</summary>
    public static IEnumerable<string> Groups(string expression) =>
        from Match found in Grouping().Matches(expression)
        from label in found.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select label;

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouping();

    [GeneratedRegex("""(?<![\w.$])(?<name>[a-zA-Z_:][\w:]*)(?![\w:])(?!\s*\()(\s*\{(?<matchers>[^}]*)\})?""", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("""(?<label>\w+)\s*(=~|!~|!=|=)\s*"(?<value>[^"]*)" """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Matcher();
}
