using System.Reflection;
using System.Text.RegularExpressions;

namespace ClusterGrains.Tests.Tidy;

/// <summary>What docs/security.md promises is tested by what it names.</summary>
public sealed partial class PromiseTests
{
    private const string Page = "docs/security.md";

    [Fact]
    public void Every_promise_names_tests_and_they_exist() => Rule.Holds(
        $"Each row of the promises in {Page} names a test class or a test, in backticks, as Concept.Class.Method",
        from row in Rows()
        let named = Test().Matches(row).Select(match => match.Groups["name"].Value).ToArray()
        from problem in named.Length == 0 ? [$"no test: {row}"] : named.Where(name => !Exists(name)).Select(name => $"there is no {name}")
        select problem);

    private static IEnumerable<string> Rows()
    {
        var page = House.Read(Page);
        var begin = page.IndexOf("<!-- promises -->", StringComparison.Ordinal);
        var end = page.IndexOf("<!-- /promises -->", StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{Page} has no table of promises.");
        return page[begin..end].Split('\n').Where(line => line.StartsWith('|')).Skip(2);
    }

    private static bool Exists(string name)
    {
        var tests = typeof(PromiseTests).Assembly;
        var dot = name.LastIndexOf('.');
        return tests.GetType($"ClusterGrains.Tests.{name}") is not null
            || tests.GetType($"ClusterGrains.Tests.{name[..dot]}")?.GetMethods().Any(method =>
                method.Name == name[(dot + 1)..] && method.GetCustomAttributes().Any(one => one is FactAttribute)) == true;
    }

    [GeneratedRegex(@"`(?<name>[A-Z]\w*(\.\w+)*Tests(\.\w+)?)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Test();
}
