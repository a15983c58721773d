using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ClusterGrains.Sandbox.Kubernetes.Tables;

/// <summary>
/// The part of JSONPath printer columns use: <c>.a.b</c>, <c>['a']</c>, <c>\.</c> in names, <c>[0]</c>, <c>[-1]</c>,
/// <c>[*]</c> and <c>[?(@.a=="b")]</c>.
/// </summary>
internal sealed class JsonPath
{
    private readonly ImmutableArray<Step> _steps;

    private JsonPath(ImmutableArray<Step> steps) => _steps = steps;

    private delegate IEnumerable<JsonElement> Step(JsonElement element);

    public IEnumerable<JsonElement> Find(JsonElement root) =>
        _steps.Aggregate<Step, IEnumerable<JsonElement>>([root], (found, step) => found.SelectMany(e => step(e)));

    /// <exception cref="FormatException">The path uses something outside the part above.</exception>
    public static JsonPath Parse(string text)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var rest = text.AsSpan().Trim().TrimStart('$');
        while (!rest.IsEmpty)
        {
            steps.Add(rest[0] switch
            {
                '.' => Name(ref rest),
                '[' => Bracket(ref rest),
                _ => throw Unreadable(text),
            });
        }

        return new JsonPath(steps.ToImmutable());
    }

    private static Step Name(ref ReadOnlySpan<char> rest)
    {
        var name = new System.Text.StringBuilder();
        var i = 1;
        for (; i < rest.Length && rest[i] is not ('.' or '['); i++)
        {
            i += rest[i] == '\\' && i + 1 < rest.Length ? 1 : 0;
            name.Append(rest[i]);
        }

        rest = rest[i..];
        var wanted = name.ToString();
        return wanted.Length == 0 ? element => [element] : element => Member(element, wanted);
    }

    private static Step Bracket(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf("]", StringComparison.Ordinal);
        if (rest.StartsWith("[?("))
        {
            end = rest.IndexOf(")]", StringComparison.Ordinal) + 1;
        }

        if (end <= 0)
        {
            throw Unreadable(rest.ToString());
        }

        var inside = rest[1..end].Trim().ToString();
        rest = rest[(end + 1)..];
        return inside switch
        {
            "*" => Children,
            ['\'' or '"', .. var name, '\'' or '"'] => element => Member(element, name),
            ['?', '(', .. var filter, ')'] => Filter(filter),
            _ when int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) =>
                element => Item(element, index),
            _ => throw Unreadable(inside),
        };
    }

    private static Step Filter(string text)
    {
        foreach (var symbol in new[] { "==", "!=" })
        {
            if (text.Split(symbol, 2) is [var left, var right])
            {
                var path = Parse(left.Trim().TrimStart('@'));
                var wanted = right.Trim().Trim('"', '\'');
                var equal = symbol == "==";
                return element => Children(element).Where(
                    child => path.Find(child).Any(value => (value.ToString() == wanted) == equal));
            }
        }

        throw Unreadable(text);
    }

    private static IEnumerable<JsonElement> Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? [value] : [];

    private static IEnumerable<JsonElement> Children(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray(),
        JsonValueKind.Object => element.EnumerateObject().Select(member => member.Value),
        _ => [],
    };

    private static IEnumerable<JsonElement> Item(JsonElement element, int index)
    {
        var length = element.ValueKind is JsonValueKind.Array ? element.GetArrayLength() : 0;
        var at = index < 0 ? length + index : index;
        return at >= 0 && at < length ? [element[at]] : [];
    }

    private static FormatException Unreadable(string text) => new($"The JSON path '{text}' cannot be read.");
}
