using System.Collections.Immutable;
using System.Globalization;

namespace ClusterGrains.Sandbox.Kubernetes.Selectors;

/// <summary>The whole grammar: <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b)</c>, <c>a</c>, <c>!a</c>, <c>a&gt;1</c>, <c>a&lt;1</c>.</summary>
internal sealed class LabelSelector
{
    public static readonly LabelSelector Everything = new([]);

    private readonly ImmutableArray<Requirement> _requirements;

    private LabelSelector(ImmutableArray<Requirement> requirements) => _requirements = requirements;

    public bool IsEverything => _requirements.IsEmpty;

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.All(r => r.Matches(labels));

    /// <exception cref="FormatException">The text does not follow the grammar.</exception>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        return new LabelSelector([.. SplitOutsideParentheses(text).Select(Requirement.Parse)]);
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }

    private sealed record Requirement(string Key, string Operator, ImmutableHashSet<string> Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var present = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                "in" => present && Values.Contains(value!),
                "notin" => !present || !Values.Contains(value!),
                "exists" => present,
                "absent" => !present,
                ">" => Number(value) is { } number && number > Number(Values.Single()),
                _ => Number(value) is { } number && number < Number(Values.Single()),
            };
        }

        public static Requirement Parse(string text)
        {
            if (text.StartsWith('!'))
            {
                return Create(text[1..], "absent", []);
            }

            foreach (var (symbol, meaning) in new[] { ("!=", "notin"), ("==", "in"), ("=", "in"), (">", ">"), ("<", "<") })
            {
                if (text.IndexOf(symbol, StringComparison.Ordinal) is > 0 and var at && !text.Contains('('))
                {
                    return Create(text[..at], meaning, [text[(at + symbol.Length)..].Trim()]);
                }
            }

            return text.EndsWith(')') ? ParseSet(text) : Create(text, "exists", []);
        }

        private static Requirement ParseSet(string text)
        {
            var open = text.IndexOf('(', StringComparison.Ordinal);
            var words = open < 0 ? [] : text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is not [var key, "in" or "notin"])
            {
                throw new FormatException($"unable to parse requirement: found '{text}', expected: in, notin, =, ==, !=, gt, lt");
            }

            return Create(key, words[1], [.. text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries)]);
        }

        private static Requirement Create(string key, string meaning, ImmutableHashSet<string> values)
        {
            var trimmed = key.Trim();
            var readable = trimmed.Length > 0 && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/');
            if (!readable)
            {
                throw new FormatException($"unable to parse requirement: <nil>: Invalid value: \"{trimmed}\": not a label key");
            }

            return meaning is ">" or "<" && Number(values.Single()) is null
                ? throw new FormatException($"unable to parse requirement: values[0][{trimmed}]: for 'Gt', 'Lt' operators, the value must be an integer")
                : new Requirement(trimmed, meaning, values);
        }

        private static long? Number(string? text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
