using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

/// <summary>The tables of docs/findings.md.</summary>
internal static class FindingsPage
{
    private static readonly Lazy<string[][]> Rows = new(Read);

    public static IEnumerable<string> Codes => Rows.Value.Where(row => row.Length == 4).Select(row => row[0]);

    public static IEnumerable<string> Metrics => Rows.Value.Where(row => row.Length == 3).Select(row => row[0]);

    public static (string Severity, string When, string Cure) Row(string code) =>
        Rows.Value.Where(row => row.Length == 4 && row[0] == code).Select(row => (row[1], row[2], row[3])).Single();

    private static string[][] Read()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!root.EnumerateFiles("ClusterGrains.sln").Any())
        {
            root = root.Parent!;
        }

        return
        [
            .. File.ReadLines(Path.Combine(root.FullName, "docs", "findings.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()),
        ];
    }
}
