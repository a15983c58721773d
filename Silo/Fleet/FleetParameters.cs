using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterGrains.Fleet;

/// <summary>
/// Reads the query parameters of one request. All mistakes are told at once, each with its parameter, the value and what it
/// should be; a parameter that nobody asked for is one.
/// </summary>
internal sealed partial class FleetParameters(IQueryCollection query)
{
    private const int MaxProblems = 10;

    private readonly List<string> _known = [];
    private readonly List<string> _problems = [];

    /// <summary>What is wrong; null when nothing is. Asked last.</summary>
    public string? Problem()
    {
        var unknown = query.Keys.Where(name => !_known.Contains(name))
            .Select(name => $"{FleetNames.Show(name)} is no parameter here; there are {(_known.Count == 0 ? "none" : string.Join(", ", _known))}.");
        var all = _problems.Concat(unknown).Take(MaxProblems).ToList();
        return all.Count == 0 ? null : string.Join(' ', all);
    }

    /// <summary>The name of a namespace, or null.</summary>
    public string? Namespace(string name)
    {
        var value = Single(name);
        return value is null || FleetNames.ProblemOf(name, value) is not { } problem ? value : Refuse<string>(problem);
    }

    /// <summary>What names begin with; empty for any.</summary>
    public string Prefix(string name) => Matching(name, BeginningForm(), "the beginning of a resource's name: lower-case letters, digits, '-' and '.'") ?? "";

    /// <summary>A code as findings and reasons have it, or null.</summary>
    public string? Code(string name) => Matching(name, CodeForm(), "a code such as Stale: letters and digits, at most 64");

    /// <summary>One of <paramref name="words"/>, or null.</summary>
    public string? Word(string name, params ImmutableArray<string> words) =>
        Single(name) is { } value && IsOneOf(name, value, words) ? value : null;

    /// <summary>Any of <paramref name="words"/>, separated by commas or given several times; none for all.</summary>
    public ImmutableHashSet<string> Words(string name, ImmutableArray<string> words)
    {
        _known.Add(name);
        return [.. query[name].SelectMany(value => (value ?? "").Split(',')).Where(value => IsOneOf(name, value, words))];
    }

    public int Number(string name, int usual, int least, int most)
    {
        if (Single(name) is not { } value)
        {
            return usual;
        }

        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<int>($"{name} is {FleetNames.Show(value)}; it must be between {least} and {most}.");
    }

    /// <summary>An instant with its offset, or null.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Single(name) is not { } value)
        {
            return null;
        }

        // A plus sign that was not escaped has become a blank on its way.
        return InstantForm().IsMatch(value)
            && DateTimeOffset.TryParse(value.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                ? instant
                : Refuse<DateTimeOffset?>($"{name} is {FleetNames.Show(value)}; it must be a time with its offset, such as 2026-03-01T12:00:00Z.");
    }

    /// <summary>What <paramref name="read"/> makes of a token that this API gave out; the default without one.</summary>
    public T? Token<T>(string name, Func<string, T?> read)
        where T : struct => Single(name) is not { } value
            ? null
            : read(value) ?? Refuse<T?>($"{name} is not a token that this API gave out; start again without it.");

    /// <summary>Adds a mistake that several parameters make together.</summary>
    public void Add(string problem) => _problems.Add(problem);

    private string? Single(string name)
    {
        _known.Add(name);
        var values = query[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0] ?? "",
            var many => Refuse<string>($"{name} is given {many} times; give it once."),
        };
    }

    private string? Matching(string name, Regex form, string wanted) => Single(name) is not { } value ? null
        : form.IsMatch(value) ? value
        : Refuse<string>($"{name} is {FleetNames.Show(value)}; it must be {wanted}.");

    private bool IsOneOf(string name, string value, ImmutableArray<string> words)
    {
        if (words.Contains(value))
        {
            return true;
        }

        _problems.Add($"{name} is {FleetNames.Show(value)}; it must be one of {string.Join(", ", words)}.");
        return false;
    }

    private T? Refuse<T>(string problem)
    {
        _problems.Add(problem);
        return default;
    }

    [GeneratedRegex(@"\A[a-z0-9][-.a-z0-9]{0,252}\z", RegexOptions.CultureInvariant)]
    private static partial Regex BeginningForm();

    [GeneratedRegex(@"\A[A-Za-z0-9]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[-+ ]\d{2}:\d{2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex InstantForm();
}
