using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Fleet;
using ClusterGrains.History;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetHistoryTests : IDisposable
{
    private readonly FleetRig _rig = new("prod");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_come_newest_first_of_all_kinds_and_days()
    {
        await Check(1, hoursAgo: 30);
        await Check(2, hoursAgo: 14);
        await Record(Records.Transition() with { Seq = 3 }, hoursAgo: 14);
        await Check(10, hoursAgo: 1);
        await Record(Records.Tombstone() with { Seq = 11 }, hoursAgo: 0.5);

        Assert.Equal("11 10 3 2", Seqs(await _rig.History("prod/logs")));
        Assert.Equal("11 10 3 2 1", Seqs(await _rig.History("prod/logs", "?from=2026-02-28T00:00:00Z")));
    }

    [Fact]
    public async Task Within_a_second_the_higher_number_is_the_newer()
    {
        foreach (var seq in (long[])[9, 10, 100, 11])
        {
            await Check(seq, hoursAgo: 1);
        }

        Assert.Equal("100 11 10 9", Seqs(await _rig.History("prod/logs")));
        Assert.Equal("100 11 10 9", await Walk("limit=1"));
    }

    [Fact]
    public async Task A_record_is_shown_as_it_is_stored()
    {
        await Check(7, hoursAgo: 1);

        var record = FleetRig.Document(await _rig.History("prod/logs"))["items"]![0]!;

        Assert.Equal("check", (string?)record["record"]);
        Assert.Equal("prod", (string?)record["target"]!["namespace"]);
        Assert.Equal("86 % used.", (string?)record["findings"]![0]!["message"]);
        Assert.Equal(86.5, (double?)record["metrics"]!["disk.maxUsedPercent"]);
    }

    [Theory]
    [InlineData("from=2026-03-01T10:00:00Z", "4 3")]
    [InlineData("from=2026-03-01T10:00:01Z", "4")]
    [InlineData("to=2026-03-01T10:00:00Z", "2 1")]
    [InlineData("to=2026-03-01T10:00:01Z", "3 2 1")]
    [InlineData("from=2026-03-01T11:00:00%2B02:00&to=2026-03-01T10:30:00Z", "3 2")]
    [InlineData("from=2026-03-01T11:00:00+02:00&to=2026-03-01T10:30:00Z", "3 2")]
    [InlineData("to=2026-03-01T09:30:00.999Z&from=2026-02-01T00:00Z", "2 1")]
    public async Task A_time_is_shown_from_its_first_second_to_before_its_last(string query, string expected)
    {
        for (var seq = 1; seq <= 4; seq++)
        {
            await Check(seq, hoursAgo: 5 - seq);
        }

        Assert.Equal(expected, Seqs(await _rig.History("prod/logs", $"?{query}")));
    }

    [Fact]
    public async Task Only_the_kinds_of_record_that_are_asked_for_are_shown()
    {
        await Check(1, hoursAgo: 3);
        await Record(Records.Transition() with { Seq = 2 }, hoursAgo: 2);
        await Record(Records.Update() with { Seq = 3 }, hoursAgo: 1);

        Assert.Equal("2", Seqs(await _rig.History("prod/logs", "?record=transition")));
        Assert.Equal("3 1", Seqs(await _rig.History("prod/logs", "?record=check,update")));
    }

    [Fact]
    public async Task Documents_that_were_rejected_are_left_to_those_who_may_read_the_store()
    {
        await Check(1, hoursAgo: 1);
        var key = HistoryObject.Key(RecordKind.Rejected, Records.Target(), FleetRig.Noon, "110000-01JNABC-0-abcdef");
        await _rig.Store.Put(key, HistoryObject.Compress("""{"raw":"private"}"""u8), Cancellation);

        Assert.Equal("1", Seqs(await _rig.History("prod/logs")));
        Assert.StartsWith("record is rejected; it must be one of ", FleetRig.Problem(await _rig.History("prod/logs", "?record=rejected")).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_of_any_size_show_every_record_once(int limit)
    {
        for (var seq = 1; seq <= 12; seq++)
        {
            await Check(seq, hoursAgo: 5 * (13 - seq));
        }

        Assert.Equal("12 11 10 9 8 7 6 5 4 3 2 1", await Walk($"limit={limit}&from=2026-02-26T00:00:00Z"));
    }

    [Fact]
    public async Task All_epochs_of_a_name_are_shown_and_no_longer_name()
    {
        await Check(1, hoursAgo: 2, uid: "former");
        await Check(1, hoursAgo: 1, uid: "present");
        await Check(5, hoursAgo: 1, name: "logs.eu");
        await Check(6, hoursAgo: 1, name: "logs-2");

        var shown = FleetRig.Document(await _rig.History("prod/logs"))["items"]!.AsArray();

        Assert.Equal(["present", "former"], shown.Select(record => (string?)record!["target"]!["uid"]));
        Assert.Equal("5", Seqs(await _rig.History("prod/logs.eu")));
    }

    [Fact]
    public async Task What_is_gone_keeps_its_history_and_what_never_was_has_none()
    {
        await Check(1, hoursAgo: 1);
        await _rig.Put("prod/young");
        await _rig.Put("prod/gone", phase: "Retired");

        Assert.Equal("1", Seqs(await _rig.History("prod/logs")));
        Assert.Equal("", Seqs(await _rig.History("prod/young")));
        Assert.Equal(
            (404, "There is no SearchCluster prod/nobody, and no record of one in that time."),
            FleetRig.Problem(await _rig.History("prod/nobody")));
        Assert.Equal(404, FleetRig.Problem(await _rig.History("prod/gone")).Status);
    }

    [Fact]
    public async Task An_object_that_is_no_record_is_named_and_hides_nothing()
    {
        await Check(1, hoursAgo: 2);
        await Check(3, hoursAgo: 1);
        var damaged = HistoryObject.Seal(Stamped(Records.Check() with { Seq = 2 }, hoursAgo: 1.5)).Key;
        await _rig.Store.Put(damaged, Encoding.UTF8.GetBytes("\u001b]0;not gzip\u0007"), Cancellation);
        var list = HistoryObject.Seal(Stamped(Records.Check() with { Seq = 4 }, hoursAgo: 1.5)).Key;
        await _rig.Store.Put(list, HistoryObject.Compress("[1]\n"u8), Cancellation);

        var page = FleetRig.Document(await _rig.History("prod/logs"));

        Assert.Equal("3 1", Seqs(page));
        Assert.Equal([list, damaged], page["unreadable"]!.AsArray().Select(one => (string?)one!["key"]));
    }

    [Fact]
    public async Task A_body_that_grows_without_end_is_not_taken_in()
    {
        await Check(1, hoursAgo: 2);
        var key = HistoryObject.Seal(Stamped(Records.Check() with { Seq = 2 }, hoursAgo: 1)).Key;
        await _rig.Store.Put(key, HistoryObject.Compress(Encoding.ASCII.GetBytes($"{{\"a\":\"{new string('x', 17 << 20)}\"}}")), Cancellation);

        var page = FleetRig.Document(await _rig.History("prod/logs"));

        Assert.Equal("1", Seqs(page));
        Assert.Contains("larger than 16 MiB", (string?)Assert.Single(page["unreadable"]!.AsArray())!["problem"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_ends_when_it_holds_enough_bytes_and_the_next_goes_on_there()
    {
        for (var seq = 1; seq <= 4; seq++)
        {
            await Record(Records.Check(bulk: FleetHistoryPages.MaxBytes / 2, seed: seq) with { Seq = seq }, hoursAgo: 5 - seq);
        }

        var first = FleetRig.Document(await _rig.History("prod/logs"));

        Assert.Equal("4 3", Seqs(first));
        Assert.Equal("2 1", Seqs(await _rig.History("prod/logs", $"?continue={first["continue"]}")));
    }

    [Fact]
    public async Task A_record_that_expires_while_a_page_is_read_takes_no_place_and_hides_nothing()
    {
        for (var seq = 1; seq <= 6; seq++)
        {
            await Check(seq, hoursAgo: 7 - seq);
        }

        _rig.Reader = new PretendReader(_rig.Reader) { Gone = key => key.Contains("-1-6-", StringComparison.Ordinal) || key.Contains("-1-5-", StringComparison.Ordinal) };

        Assert.Equal("4 3", Seqs(await _rig.History("prod/logs", "?limit=2")));
        Assert.Equal("4 3 2 1", await Walk("limit=2"));
    }

    [Fact]
    public async Task A_store_that_is_slow_gives_a_part_and_the_next_page_goes_on()
    {
        await Check(2, hoursAgo: 1);
        await Check(1, hoursAgo: 30);
        var fast = _rig.Reader;

        var first = FleetRig.Document(await Impatient("2026-02-28", "?from=2026-02-28T00:00:00Z"));
        _rig.Reader = fast;

        Assert.Equal("2", Seqs(first));
        Assert.Equal("1", Seqs(await _rig.History("prod/logs", $"?from=2026-02-28T00:00:00Z&continue={first["continue"]}")));
    }

    [Fact]
    public async Task A_part_without_a_record_is_not_said_to_be_all_there_is()
    {
        await Check(1, hoursAgo: 30);
        var fast = _rig.Reader;

        var first = FleetRig.Document(await Impatient("2026-02-28", "?from=2026-02-28T00:00:00Z"));
        _rig.Reader = fast;

        Assert.Equal("", Seqs(first));
        Assert.Equal("1", Seqs(await _rig.History("prod/logs", $"?from=2026-02-28T00:00:00Z&continue={first["continue"]}")));
    }

    [Fact]
    public async Task Pages_come_to_an_end_at_a_day_that_the_store_never_shows()
    {
        await Check(1, hoursAgo: 1);
        await Check(2, hoursAgo: 0.5);

        var first = FleetRig.Document(await Impatient("2026-02-28", "?from=2026-02-27T00:00:00Z"));

        Assert.Equal("2 1", Seqs(first));
        await Assert.ThrowsAsync<DependencyException>(
            () => Impatient("2026-02-28", $"?from=2026-02-27T00:00:00Z&continue={first["continue"]}"));
    }

    [Fact]
    public async Task A_store_that_shows_nothing_in_time_is_an_error_and_no_empty_page()
    {
        var slow = new PretendReader(_rig.Reader) { Hangs = _ => true };
        _rig.Reader = slow;

        var reading = _rig.History("prod/logs");
        await slow.Hanging;
        _rig.Time.Advance(FleetHistoryPages.Patience);

        Assert.Contains("in 10 s", (await Assert.ThrowsAsync<DependencyException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_who_ask_than_may_wait_are_told_to_come_back()
    {
        var slow = new PretendReader(_rig.Reader) { Hangs = _ => true };
        _rig.Reader = slow;
        using var history = _rig.NewHistory();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = Enumerable.Range(0, FleetHistory.MaxConcurrent + FleetHistory.MaxWaiting)
            .Select(_ => history.List(SearchClusters.Kind, new("prod", "logs"), FleetRig.Request(""), gone.Token)).ToList();

        var http = FleetRig.Request("");
        var answer = FleetRig.Answer(await history.List(SearchClusters.Kind, new("prod", "logs"), http, Cancellation));
        await gone.CancelAsync();

        Assert.Equal(503, FleetRig.Problem(answer).Status);
        Assert.Equal("5", http.Response.Headers.RetryAfter);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    [Theory]
    [InlineData("from=yesterday", "from is yesterday; it must be a time with its offset, such as 2026-03-01T12:00:00Z.")]
    [InlineData("to=2026-03-01T12:00:00", "to is 2026-03-01T12:00:00; it must be a time with its offset, such as 2026-03-01T12:00:00Z.")]
    [InlineData("to=2026-02-30T12:00:00Z", "to is 2026-02-30T12:00:00Z; it must be a time with its offset, such as 2026-03-01T12:00:00Z.")]
    [InlineData("from=2026-03-01T11:00:00Z&to=2026-03-01T11:00:00Z", "from is 2026-03-01T11:00:00.0000000+00:00 and to is 2026-03-01T11:00:00.0000000+00:00; from must be before to.")]
    [InlineData("from=2026-01-01T11:00:00Z&to=2026-03-01T11:00:00Z", "from is 2026-01-01T11:00:00.0000000+00:00 and to is 2026-03-01T11:00:00.0000000+00:00; ask for at most 31 days at once.")]
    [InlineData("record=checks", "record is checks; it must be one of check, gap, tombstone, transition, update.")]
    [InlineData("limit=1000", "limit is 1000; it must be between 1 and 500.")]
    [InlineData("continue=MjAyNi0wMy0wMQ!", "continue is not a token that this API gave out; start again without it.")]
    [InlineData("continue=OTk5OS05OS05OQ", "continue is not a token that this API gave out; start again without it.")]
    [InlineData("since=1h", "since is no parameter here; there are to, from, record, limit, continue.")]
    public async Task A_mistake_is_told_with_its_parameter_its_value_and_the_cure(string query, string detail) =>
        Assert.Equal((400, detail), FleetRig.Problem(await _rig.History("prod/logs", $"?{query}")));

    [Theory]
    [InlineData("to=0001-01-01T00:00:00Z")]
    [InlineData("from=9999-12-31T00:00:00Z&to=9999-12-31T23:59:59Z")]
    [InlineData("from=0001-01-01T00:00:00Z&to=0001-01-02T00:00:00Z")]
    public async Task The_ends_of_time_hold_nothing(string query)
    {
        await _rig.Put("prod/logs");

        var answer = await _rig.History("prod/logs", $"?{query}");

        Assert.True(answer is JsonObject ? Seqs(answer).Length == 0 : FleetRig.Problem(answer).Status == 400);
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>An answer whose time is up while the store hangs at this day.</summary>
    private async Task<object> Impatient(string day, string query)
    {
        var slow = new PretendReader(_rig.Reader) { Hangs = prefix => prefix.Contains($"dt={day}", StringComparison.Ordinal) };
        _rig.Reader = slow;
        var reading = _rig.History("prod/logs", query);
        await slow.Hanging;
        _rig.Time.Advance(FleetHistoryPages.Patience);
        return await reading;
    }

    private static HistoryRecord Stamped(HistoryRecord record, double hoursAgo) => record with { FinishedAt = FleetRig.Noon.AddHours(-hoursAgo) };

    private static string Seqs(object answer) =>
        string.Join(' ', FleetRig.Document(answer)["items"]!.AsArray().Select(record => (long)record!["seq"]!));

    private Task Record(HistoryRecord record, double hoursAgo) => _rig.Record(Stamped(record, hoursAgo));

    private Task Check(long seq, double hoursAgo, string uid = "a", string name = "logs") =>
        Record(Records.Check(uid) with { Seq = seq, Target = Records.Target(uid) with { Name = name } }, hoursAgo);

    private async Task<string> Walk(string query)
    {
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = FleetRig.Document(await _rig.History("prod/logs", $"?{query}{(token is null ? "" : $"&continue={token}")}"));
            seen.Add(Seqs(page));
            token = (string?)page["continue"];
        }
        while (token is not null);
        return string.Join(' ', seen.Where(page => page.Length > 0));
    }

    private sealed class PretendReader(IHistoryReader reader) : IHistoryReader
    {
        private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<string, bool> Gone { get; init; } = _ => false;

        public Func<string, bool> Hangs { get; init; } = _ => false;

        /// <summary>Somebody waits for an answer that does not come.</summary>
        public Task Hanging => _hanging.Task;

        public async Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken)
        {
            if (Hangs(prefix))
            {
                _hanging.TrySetResult();
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return await reader.List(prefix, continuation, cancellationToken);
        }

        public Task<byte[]?> Read(string key, CancellationToken cancellationToken) =>
            Gone(key) ? Task.FromResult<byte[]?>(null) : reader.Read(key, cancellationToken);
    }
}
