using ClusterGrains.Hosting;

namespace ClusterGrains.Tests.Tidy;

public sealed class DocsTests
{
    [Fact]
    public void The_settings_table_is_the_settings()
    {
        Assert.SkipUnless(House.Files.Contains("README.md"), "There is no README yet.");
        var documented = Table("README.md", "settings").Select(cells => $"| {cells[0]} | {cells[1]} |");
        var known = Setting.All.Select(setting =>
            $"| `{setting.Name}` | {(setting.Default.Length == 0 ? "" : $"`{setting.Default}`")} |");

        AssertSame("README.md", "settings", known, documented);
    }

    [Fact]
    public void The_metrics_table_is_the_metrics()
    {
        var documented = Table("docs/metrics.md", "metrics").Select(cells => $"| {string.Join(" | ", cells)} |");

        AssertSame("docs/metrics.md", "metrics", Instrument.All.Select(instrument => instrument.Row), documented);
    }

    [Fact]
    public void Every_metric_says_what_it_measures() => Rule.Holds(
        "An instrument has a unit and a description",
        Instrument.All.Where(one => one.Unit.Length == 0 || one.Meaning.Length == 0).Select(one => one.Name));

    private static void AssertSame(string path, string table, IEnumerable<string> code, IEnumerable<string> page)
    {
        var (expected, actual) = (code.ToArray(), page.ToArray());
        Assert.True(
            expected.SequenceEqual(actual),
            $"The table between <!-- {table} --> and <!-- /{table} --> in {path} is not what the code says.\n"
            + $"Missing:\n{string.Join('\n', expected.Except(actual))}\n"
            + $"Too many:\n{string.Join('\n', actual.Except(expected))}\n"
            + $"In order:\n{string.Join('\n', expected)}");
    }

    /// <summary>The rows of the table between two markers, without its head, as trimmed cells.</summary>
    private static IEnumerable<string[]> Table(string path, string name)
    {
        var text = House.Read(path);
        var begin = text.IndexOf($"<!-- {name} -->", StringComparison.Ordinal);
        var end = text.IndexOf($"<!-- /{name} -->", StringComparison.Ordinal);
        var lines = begin < 0 || end < begin ? [] : text[begin..end].Split('\n').Where(line => line.StartsWith('|')).Skip(2);
        return lines.Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries));
    }
}
