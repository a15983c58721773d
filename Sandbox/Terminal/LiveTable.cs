using System.Globalization;
using Spectre.Console;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>For people: tables that are drawn over and over in place.</summary>
internal sealed class LiveTable(IAnsiConsole console, TimeProvider time) : IScreen
{
    private const string Reason = "REASON";

    public async Task Show(IAsyncEnumerable<BoardRows> updates, CancellationToken cancellationToken)
    {
        var live = console.Live(Draw(new BoardRows([], []), time.GetUtcNow()))
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

    internal static Rows Draw(BoardRows rows, DateTimeOffset now) =>
        new(DrawClusters(rows.Clusters, now), Text.NewLine, DrawDatasets(rows.Datasets, now));

    private static Table DrawClusters(IReadOnlyList<ClusterRow> rows, DateTimeOffset now)
    {
        var table = Columns("CLUSTER", "VERDICT", Reason, "HEALTH", "VERSION", "DISK%", "CHECKED", "HISTORY");
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

    private static Table DrawDatasets(IReadOnlyList<DatasetRow> rows, DateTimeOffset now)
    {
        var table = Columns("DATASET", "PHASE", Reason, "VERSION", "DOCS", "PROGRESS", "CANDIDATE", "UPDATED", "HISTORY");
        foreach (var row in rows)
        {
            table.AddRow(
                Cell(row.Name),
                Cell(row.Phase.Length == 0 ? "…" : row.Phase, Colour(row.Phase)),
                Cell(row.Reason),
                Cell(row.Version),
                Cell(row.DocsText()),
                Cell(row.Progress),
                Cell(row.Candidate),
                Cell(Reading.Ago(row.UpdatedAt, now)),
                Cell(row.HistoryText(), row.HistoryPending > 0 ? Color.Yellow : Color.Default));
        }

        return table;
    }

    /// <summary>Where the terminal is narrow, only the reason gets shorter.</summary>
    private static Table Columns(params string[] names)
    {
        var table = new Table().NoBorder();
        foreach (var name in names)
        {
            var column = new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))).Padding(0, 0, 2, 0);
            table.AddColumn(name == Reason ? column : column.NoWrap());
        }

        return table;
    }

    /// <summary>Plain text to Spectre: nothing that a cluster says is read as markup.</summary>
    private static Text Cell(string text, Color? colour = null) =>
        new(text, new Style(colour ?? Color.Default)) { Overflow = Overflow.Ellipsis };

    private static Color Colour(string word) => word switch
    {
        "Healthy" or "green" or "Promoted" => Color.Green,
        "Degraded" or "yellow" or "Waiting" or "AwaitingApproval" => Color.Yellow,
        "Critical" or "red" or "Failed" => Color.Red,
        "Unknown" => Color.Fuchsia,
        "Suspended" => Color.Blue,
        "Planning" or "Creating" or "Loading" or "Settling" or "Verifying" or "Promoting" => Color.Aqua,
        _ => Color.Default,
    };
}
