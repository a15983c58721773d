using System.Globalization;
using Spectre.Console;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>For people: one table that is drawn over and over in place.</summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IScreen
{
    private const string Reason = "REASON";

    public async Task Show(IAsyncEnumerable<IReadOnlyList<ClusterRow>> updates, CancellationToken cancellationToken)
    {
        var live = console.Live(Draw([], time.GetUtcNow()))
            .Overflow(VerticalOverflow.Ellipsis)
            .Cropping(VerticalOverflowCropping.Bottom);
        await live.StartAsync(async table =>
        {
            await foreach (var rows in updates.WithCancellation(cancellationToken))
            {
                table.UpdateTarget(Draw(rows, time.GetUtcNow()));
            }
        });
    }

    /// <summary>Cells are plain text to Spectre: nothing that a cluster says is read as markup.</summary>
    internal static Table Draw(IReadOnlyList<ClusterRow> rows, DateTimeOffset now)
    {
        var table = new Table().NoBorder();
        foreach (var name in (string[])["NAME", "VERDICT", Reason, "HEALTH", "VERSION", "DISK%", "CHECKED", "HISTORY"])
        {
            // Where the terminal is narrow, only the reason gets shorter.
            var column = new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))).Padding(0, 0, 2, 0);
            table.AddColumn(name == Reason ? column : column.NoWrap());
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
