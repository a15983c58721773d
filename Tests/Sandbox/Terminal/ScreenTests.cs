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

        var drawn = Drawn([ClusterRow.Read(Resource(status))]);

        Assert.DoesNotContain('\u001b', drawn);
        Assert.DoesNotContain('\u009b', drawn);
        Assert.DoesNotContain('\u202e', drawn);
        Assert.Contains("[2J[red]Healthy[/]", drawn, StringComparison.Ordinal);
        Assert.Contains("a b 5m", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_line_for_every_cluster()
    {
        var drawn = Drawn([Row("logs", "Healthy"), Row("orders", "")]);

        var lines = drawn.Split('\n');
        Assert.Contains(lines, line => line.Contains("NAME", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("logs    Healthy", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("orders  …", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plain_lines_come_when_something_is_said_anew_and_not_at_every_check()
    {
        var output = new StringWriter();
        var time = new FakeTimeProvider(Now);
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        IReadOnlyList<ClusterRow>[] updates =
        [
            [Row("logs", "")],
            [Row("logs", "Healthy") with { HistorySeq = 1 }],
            [Row("logs", "Healthy") with { HistorySeq = 2, CheckedAt = Now }],
            [Row("logs", "Critical") with { Reason = "StatusRed", HistorySeq = 4 }],
            [],
        ];

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
    public async Task The_board_looks_every_second_and_keeps_the_last_rows_while_nobody_answers()
    {
        var time = new FakeTimeProvider(Now);
        var answers = new Queue<IReadOnlyList<JsonElement>?>([[Resource("{}", "b"), Resource("{}", "a")], null, []]);
        var board = new ClusterBoard(_ => Task.FromResult(answers.Dequeue()), time);

        var seen = new List<string>();
        await foreach (var rows in board.Watch(TestContext.Current.CancellationToken))
        {
            seen.Add(string.Join(',', rows.Select(row => row.Name)));
            if (seen.Count == 3)
            {
                break;
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["a,b", "a,b", ""], seen);
    }

    private static ClusterRow Row(string name, string verdict) =>
        new() { Name = name, Verdict = verdict, Reason = "", Health = "", Version = "" };

    private static JsonElement Resource(string status, string name = "logs") => JsonDocument.Parse(
        $$"""{"metadata":{"namespace":"default","name":"{{name}}"},"status":{{status}}}""").RootElement;

    private static string Drawn(IReadOnlyList<ClusterRow> rows)
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
