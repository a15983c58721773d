using System.Globalization;
using Spectre.Console;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>For people: one table that is drawn over and over in place.</summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IScreen
{
    public async Task Show(IAsyncEnumerable<IReadOnlyList<ClusterRow>> updates, CancellationToken cancellationToken) =>
        await console.Live(Draw([], time.GetUtcNow())).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            await foreach (var rows in updates.WithCancellation(cancellationToken))
            {
                live.UpdateTarget(Draw(rows, time.GetUtcNow()));
            }
        });

    /// <summary>Cells are plain text to Spectre: nothing that a cluster says is read as markup.</summary>
    internal static Table Draw(IReadOnlyList<ClusterRow> rows, DateTimeOffset now)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        foreach (var name in (string[])["NAME", "VERDICT", "REASON", "HEALTH", "VERSION", "DISK%", "CHECKED", "HISTORY"])
        {
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(
                Cell(row.Name),
                Cell(row.Verdict.Length == 0 ? "…" : row.Verdict, Colour(row.Verdict)),
                Cell(row.Reason),
                Cell(row.Health, Colour(row.Health)),
                Cell(row.Version),
                Cell(row.DiskPercent?.ToString(CultureInfo.InvariantCulture) ?? ""),
                Cell(row.CheckedAgo(now)),
                Cell(row.HistoryText(), row.HistoryPending > 0 ? Color.Yellow : Color.Default));
        }

        return table;
    }

    private static Text Cell(string text, Color? colour = null) =>
        new(text, new Style(colour ?? Color.Default)) { Overflow = Overflow.Ellipsis };

    private static Color Colour(string word) => word switch
    {
        "Healthy" or "green" => Color.Green,
        "Degraded" or "yellow" => Color.Yellow,
        "Critical" or "red" => Color.Red,
        "Unknown" => Color.Fuchsia,
        "Suspended" => Color.Blue,
        _ => Color.Default,
    };
}
