using System.Text.Json;
using ClusterGrains.Sandbox.Terminal;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClusterGrains.Tests.Sandbox.Terminal;

public sealed class ScreenTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_row_is_what_the_status_says()
    {
        var row = ClusterRow.Read(Resource(
            """
            {"verdict":"Critical","reason":"StatusRed","health":"red","version":"2.19.1","diskPercent":59,
             "lastRun":{"finishedAt":"2026-01-02T03:03:53Z"},"history":{"seq":42,"pending":3}}
            """));

        Assert.Equal(("logs", "Critical", "StatusRed", "red"), (row.Name, row.Verdict, row.Reason, row.Health));
        Assert.Equal((59L, "12s", "42, 3 waiting"), (row.DiskPercent!.Value, row.CheckedAgo(Now), row.HistoryText()));
    }

    [Theory]
    [InlineData("""{"verdict":7,"diskPercent":"x","lastRun":[],"history":"none"}""")]
    [InlineData("""null""")]
    [InlineData("""{"lastRun":{"finishedAt":"yesterday"}}""")]
    public void A_row_of_a_broken_status_is_empty(string status)
    {
        var row = ClusterRow.Read(Resource(status));

        Assert.Equal(("", "", "", null), (row.Verdict, row.CheckedAgo(Now), row.HistoryText(), row.DiskPercent));
    }

    [Fact]
    public void Hostile_text_draws_neither_markup_nor_escapes()
    {
        var status = JsonSerializer.Serialize(
            new { verdict = "\u001b[2J[red]Healthy[/]", reason = "a\r\nb\u009b5m\u202e" });

        var drawn = Drawn(new BoardRows([ClusterRow.Read(Resource(status))], []));

        Assert.DoesNotContain('\u001b', drawn);
        Assert.DoesNotContain('\u009b', drawn);
        Assert.DoesNotContain('\u202e', drawn);
        Assert.Contains("[2J[red]Healthy[/]", drawn, StringComparison.Ordinal);
        Assert.Contains("a b 5m", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_have_a_line_for_every_cluster_and_every_dataset()
    {
        var drawn = Drawn(new BoardRows([Row("logs", "Healthy"), Row("orders", "")], [Loading with { Docs = 1234567 }]));

        var lines = drawn.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("CLUSTER  VERDICT", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("DATASET   PHASE", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("logs     Healthy", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("orders   …", StringComparison.Ordinal));
        var dataset = Assert.Single(lines, line => line.StartsWith("products", StringComparison.Ordinal));
        Assert.Matches(@"products  Loading +v1 +1,234,567 +41% +v2", dataset);
    }

    [Fact]
    public async Task Plain_lines_come_when_something_is_said_anew_and_not_at_every_check()
    {
        var output = new StringWriter();
        var time = new FakeTimeProvider(Now);
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        IReadOnlyList<ClusterRow>[] clusters =
        [
            [Row("logs", "")],
            [Row("logs", "Healthy") with { HistorySeq = 1 }],
            [Row("logs", "Healthy") with { HistorySeq = 2, CheckedAt = Now }],
            [Row("logs", "Critical") with { Reason = "StatusRed", HistorySeq = 4 }],
            [],
        ];
        var updates = clusters.Select(rows => new BoardRows(rows, []));

        await new PlainLines(output, time).Show(updates.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.Equal(
            """
            03:04:05  logs  waits for its first check
            03:04:05  logs  Healthy  history 1
            03:04:05  logs  Critical  StatusRed  history 4
            03:04:05  logs  deleted

            """,
            output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Plain_lines_of_a_dataset_come_with_every_phase_and_not_with_every_percent()
    {
        var output = new StringWriter();
        var time = new FakeTimeProvider(Now);
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        BoardRows[] updates =
        [
            new([Row("products", "Healthy")], [Loading with { Phase = "", Version = "", Candidate = "" }]),
            new([Row("products", "Healthy")], [Loading]),
            new([Row("products", "Healthy")], [Loading with { Progress = "42%" }]),
            new([Row("products", "Healthy")], [Loading with { Phase = "Waiting", Reason = "DiskFull", HistorySeq = 3, HistoryPending = 1 }]),
            new([Row("products", "Healthy")], [Loading with { Phase = "Promoted", Version = "v2", Candidate = "", Progress = "", Docs = 20000 }]),
        ];

        await new PlainLines(output, time).Show(updates.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.Equal(
            """
            03:04:05  products  Healthy
            03:04:05  sds/products  waits for its first look
            03:04:05  sds/products  Loading  candidate v2  41%  version v1
            03:04:05  sds/products  Waiting  DiskFull  candidate v2  41%  version v1  history 3, 1 waiting
            03:04:05  sds/products  Promoted  version v2  docs 20,000

            """,
            output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_dataset_s_row_is_what_the_status_says()
    {
        var row = DatasetRow.Read(Resource(
            """
            {"phase":"Loading","reason":"","progress":"41%","published":{"version":"v1","docs":20000,"at":"2026-01-02T03:00:05Z"},
             "candidate":{"version":"v2"},"history":{"seq":7,"pending":0}}
            """,
            "products"));

        Assert.Equal(
            Loading with { Docs = 20000, UpdatedAt = Now.AddMinutes(-4), HistorySeq = 7 },
            row);
        Assert.Equal(("20,000", "7"), (row.DocsText(), row.HistoryText()));
        Assert.Equal("", DatasetRow.Read(Resource("""{"phase":1,"published":"x","candidate":[],"history":7}""")).Phase);
    }

    [Fact]
    public async Task The_board_looks_every_second_and_keeps_the_last_rows_while_nobody_answers()
    {
        var time = new FakeTimeProvider(Now);
        var answers = new Queue<IReadOnlyList<JsonElement>?>([[Resource("{}", "b"), Resource("{}", "a")], null, []]);
        var board = new Board(
            (plural, _) => Task.FromResult(plural == "searchclusters" ? answers.Dequeue() : [Resource("{}", plural)]), time);

        var seen = new List<string>();
        await foreach (var rows in board.Watch(TestContext.Current.CancellationToken))
        {
            seen.Add(string.Join(',', rows.Clusters.Select(row => row.Name)));
            Assert.Equal("searchdatasets", Assert.Single(rows.Datasets).Name);
            if (seen.Count == 3)
            {
                break;
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["a,b", "a,b", ""], seen);
    }

    private static DatasetRow Loading { get; } = new()
    {
        Name = "products",
        Phase = "Loading",
        Version = "v1",
        Candidate = "v2",
        Progress = "41%",
        Reason = "",
    };

    private static ClusterRow Row(string name, string verdict) =>
        new() { Name = name, Verdict = verdict, Reason = "", Health = "", Version = "" };

    private static JsonElement Resource(string status, string name = "logs") => JsonDocument.Parse(
        $$"""{"metadata":{"namespace":"default","name":"{{name}}"},"status":{{status}}}""").RootElement;

    private static string Drawn(BoardRows rows)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 160;
        console.Write(LiveTable.Draw(rows, Now));
        return output.ToString();
    }
}
