using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

/// <summary>The tables of docs/findings.md: codes have four columns, numbers three.</summary>
internal static class FindingsPage
{
    private static readonly Lazy<(string Kind, string Section, string[] Cells)[]> Rows = new(() => [.. Read()]);

    public static IEnumerable<string> Metrics => Rows.Value.Where(row => row.Cells.Length == 3).Select(row => row.Cells[0]);

    /// <param name="kind">The last word of the section's title, for example <c>SearchCluster</c>.</param>
    public static IEnumerable<string> Codes(string kind) =>
        Rows.Value.Where(row => row.Kind == kind && row.Cells.Length == 4).Select(row => row.Cells[0]);

    /// <param name="section">The title one level lower, for example <c>Waits</c>.</param>
    public static IEnumerable<string> Codes(string kind, string section) =>
        Rows.Value.Where(row => row.Kind == kind && row.Section == section && row.Cells.Length == 4).Select(row => row.Cells[0]);

    public static (string Severity, string When, string Cure) Row(string code) =>
        Rows.Value.Where(row => row.Cells.Length == 4 && row.Cells[0] == code)
            .Select(row => (row.Cells[1], row.Cells[2], row.Cells[3]))
            .Single();

    private static IEnumerable<(string, string, string[])> Read()
    {
        var (kind, section) = ("", "");
        foreach (var line in File.ReadLines(Path.Combine(Root().FullName, "docs", "findings.md")))
        {
            kind = line.StartsWith("## ", StringComparison.Ordinal) ? line.Split(' ')[^1] : kind;
            section = line.StartsWith("### ", StringComparison.Ordinal) ? line[4..] : section;
            if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                yield return (kind, section, [.. line.Trim('|', ' ').Split('|').Select(cell => cell.Trim().Trim('`'))]);
            }
        }
    }

    private static DirectoryInfo Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!root.EnumerateFiles("ClusterGrains.sln").Any())
        {
            root = root.Parent!;
        }

        return root;
    }
}
