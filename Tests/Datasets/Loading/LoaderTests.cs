using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;

namespace ClusterGrains.Tests.Datasets.Loading;

public sealed class LoaderTests
{
    private static readonly BulkAnswer Busy = new(BulkResult.Busy, [], Reason: "429: circuit_breaking_exception");

    [Fact]
    public async Task Every_document_arrives_as_it_stands_in_its_file()
    {
        var index = new BulkIndex();
        var trial = Trial(index, null, "{\"sku\": \"a\",  \"n\":1.0}\n{\"sku\":\"b\",\"t\":\"ä\\u0041\"}\n");

        var end = await trial.Run();

        Assert.Equal(LoadResult.Done, end.Result);
        Assert.Equal("{\"sku\": \"a\",  \"n\":1.0}", index.Documents["a"]);
        Assert.Equal("{\"sku\":\"b\",\"t\":\"ä\\u0041\"}", index.Documents["b"]);
        Assert.Equal(new LoadPosition(1, 0, 0), end.Position);
        Assert.Equal(2, end.Counts.Acked);
        Assert.Equal(end.Position, trial.Told[^1].Position);
    }

    [Fact]
    public async Task Blank_lines_other_line_ends_a_byte_order_mark_and_a_missing_last_line_end_do_no_harm()
    {
        var index = new BulkIndex();
        var text = "\uFEFF{\"sku\":\"a\"}\r\n\n  \t\r\n{\"sku\":\"b\"}\r\n{\"sku\":\"c\"}";

        var end = await Trial(index, null, text, "\uFEFF", "").Run();

        Assert.Equal("{\"sku\":\"a\"}", index.Documents["a"]);
        Assert.Equal("{\"sku\":\"b\"}", index.Documents["b"]);
        Assert.Equal("{\"sku\":\"c\"}", index.Documents["c"]);
        Assert.Equal(new LoadCounts { Lines = 6, Acked = 3, Bytes = Size(text) + 3, SourceBytes = Size(text) + 3 }, end.Counts);
        Assert.Equal(new LoadPosition(3, 0, 0), end.Position);
    }

    [Fact]
    public async Task An_id_comes_from_its_field_or_from_file_and_line()
    {
        var index = new BulkIndex();
        var longest = new string('x', Document.MaxIdBytes);
        var trial = Trial(
            index, null, $"{{\"in\":{{\"sku\":1}},\"sku\":-42}}\n{{\"sku\":\"q\\\"\\\\\\u00e4\\n\"}}\n{{\"s\\u006bu\":\"{longest}\",\"sku\":\"2nd\"}}\n");
        var generated = Trial(new BulkIndex(), null, "{}\n\n{}\n");
        generated.Job = generated.Job with { IdField = null };

        await trial.Run();
        await generated.Run();

        Assert.Equal(["-42", "q\"\\ä\n", longest], index.Documents.Keys.OrderBy(id => id.Length));
        Assert.Equal(
            ["fdf9aadb4eab87b2-1", "fdf9aadb4eab87b2-3"], ((BulkIndex)generated.Job.Index).Documents.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("invalid_json", "{\"sku\":\"a\"")]
    [InlineData("invalid_json", "{\"sku\":\"a\"}{}")]
    [InlineData("invalid_json", "{\"sku\":\"a\",}")]
    [InlineData("invalid_json", "{\"sku\":\"a\tb\"}")]
    [InlineData("invalid_json", "\0")]
    [InlineData("not_an_object", "[{\"sku\":\"a\"}]")]
    [InlineData("not_an_object", "null")]
    [InlineData("id_missing", "{}")]
    [InlineData("id_missing", "{\"sku\":null}")]
    [InlineData("id_missing", "{\"in\":{\"sku\":\"a\"}}")]
    [InlineData("id_invalid", "{\"sku\":\"\"}")]
    [InlineData("id_invalid", "{\"sku\":1.5}")]
    [InlineData("id_invalid", "{\"sku\":1e3}")]
    [InlineData("id_invalid", "{\"sku\":true}")]
    [InlineData("id_invalid", "{\"sku\":{\"a\":1}}")]
    [InlineData("id_invalid", "{\"sku\":\"\\ud800\"}")]
    public async Task What_is_no_document_is_rejected_with_its_place_and_never_sent(string type, string line)
    {
        var index = new BulkIndex();
        var trial = Trial(index, null, $"{{\"sku\":\"first\"}}\n{line}\n{{\"sku\":\"last\"}}\n");

        var end = await trial.Run();

        var rejected = Assert.Single(trial.Rejected);
        Assert.Equal(("part-0", 2, 0, type, line), (rejected.File, rejected.Line, rejected.Status, rejected.Type, rejected.Raw));
        Assert.Equal(LoadResult.Done, end.Result);
        Assert.Equal(["first", "last"], index.Documents.Keys.Order());
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_or_bears_too_long_an_id_is_rejected()
    {
        var source = new MemorySource(
            7, ("f", [.. "{\"sku\":\""u8, 0xC3, .. "\"}\n{\"sku\":\""u8, .. Encoding.UTF8.GetBytes(new string('é', 257)), .. "\"}"u8]));
        var trial = new LoadTrial(source, new BulkIndex());
        trial.Job = trial.Job with { IdField = "sku", MaxRejected = 9 };

        await trial.Run();

        Assert.Equal(["invalid_json", "id_invalid"], trial.Rejected.Select(one => one.Type));
        Assert.Equal("{\"sku\":\"\uFFFD\"}", trial.Rejected.First().Raw);
    }

    [Fact]
    public async Task A_line_too_large_for_a_request_is_rejected_and_what_follows_is_not()
    {
        var index = new BulkIndex();
        var fits = $"{{\"sku\":\"fits\",\"t\":\"{new string('x', 65_000)}\"}}";
        var trial = Trial(
            index, null, $"{fits}\n{{\"sku\":\"no\",\"t\":\"{new string('y', 65_520)}\"}}\n{new string('ä', 300_000)}\n{{\"sku\":\"last\"}}");

        var end = await trial.Run();

        Assert.Equal(["document_too_large", "document_too_large"], trial.Rejected.Select(one => one.Type));
        Assert.Equal([2, 3], trial.Rejected.Select(one => one.Line));
        Assert.Equal(new string('ä', 8_192), trial.Rejected.Last().Raw);
        Assert.Equal(["fits", "last"], index.Documents.Keys.Order());
        Assert.Equal(4, end.Counts.Lines);
    }

    [Fact]
    public async Task A_poison_document_is_rejected_and_not_sent_again()
    {
        var index = new BulkIndex
        {
            Answer = (_, items) => Task.FromResult<BulkAnswer?>(LoadTrial.Failed(
                [.. items.Index().Where(one => one.Item.Text.Contains("poison", StringComparison.Ordinal)).Select(one => LoadTrial.Poison(one.Index))])),
        };
        var trial = Trial(index, null, "{\"sku\":\"a\"}\n{\"sku\":\"b\",\"x\":\"poison\"}\n{\"sku\":\"c\"}\n");

        var end = await trial.Run();

        Assert.Equal(1, index.Requests);
        Assert.Equal(
            new RejectedDocument(
                "part-0", 2, "b", 400, "mapper_parsing_exception", "failed to parse field [price]", "{\"sku\":\"b\",\"x\":\"poison\"}"),
            Assert.Single(trial.Rejected));
        Assert.Equal((2, 1), (end.Counts.Acked, end.Counts.Rejected));
    }

    [Theory]
    [InlineData(500, "stack_overflow_error", 1)]
    [InlineData(503, "unavailable_shards_exception", 0)]
    [InlineData(429, "es_rejected_execution_exception", 0)]
    [InlineData(500, "circuit_breaking_exception", 0)]
    public async Task A_document_that_breaks_the_engine_each_time_is_rejected_and_one_it_has_no_time_for_is_not(int status, string type, int rejected)
    {
        var index = new BulkIndex
        {
            Answer = (_, items) => Task.FromResult<BulkAnswer?>(LoadTrial.Failed(
                [.. items.Index().Where(one => one.Item.Id == "b").Select(one => new BulkItem(one.Index, BulkResult.Busy, status, type, "it broke"))])),
        };
        var trial = Trial(index, null, "{\"sku\":\"a\"}\n{\"sku\":\"b\"}\n{\"sku\":\"c\"}\n");

        var end = await trial.Run(new HastyTime(moves: true));

        Assert.Equal(rejected == 1 ? LoadResult.Done : LoadResult.Busy, end.Result);
        Assert.Equal(rejected, end.Counts.Rejected);
        Assert.All(trial.Rejected, one => Assert.Equal((2, "b", status, type), (one.Line, one.Id, one.Status, one.Type)));
    }

    [Fact]
    public async Task Only_documents_the_cluster_had_no_time_for_are_sent_again()
    {
        List<string[]> sent = [];
        var index = new BulkIndex
        {
            Answer = (request, items) =>
            {
                sent.Add([.. items.Select(item => item.Id)]);
                return Task.FromResult<BulkAnswer?>(
                    request == 1 ? LoadTrial.Failed(LoadTrial.Busy(0), LoadTrial.Poison(1), LoadTrial.Busy(3)) : null);
            },
        };
        var trial = Trial(index, null, "{\"sku\":\"a\"}\n{\"sku\":\"b\"}\n{\"sku\":\"c\"}\n{\"sku\":\"d\"}\n");

        var end = await trial.Run();

        Assert.Equal([["a", "b", "c", "d"], ["a", "d"]], sent);
        Assert.Equal((3, 1, 1), (end.Counts.Acked, end.Counts.Rejected, end.Counts.Retries));
        Assert.Equal("{\"sku\":\"d\"}", index.Documents["d"]);
    }

    [Fact]
    public async Task A_request_too_large_is_sent_in_halves_and_a_document_too_large_is_rejected()
    {
        var index = new BulkIndex
        {
            Answer = (_, items) => Task.FromResult(
                items.Sum(item => item.Text.Length) > 100 ? new BulkAnswer(BulkResult.TooLarge, [], Reason: "413") : null),
        };
        var large = $"{{\"sku\":\"large\",\"t\":\"{new string('x', 100)}\"}}";
        var trial = Trial(index, null, string.Concat(Enumerable.Range(0, 40).Select(n => n == 17 ? $"{large}\n" : $"{{\"sku\":{n}}}\n")));

        var end = await trial.Run();

        var rejected = Assert.Single(trial.Rejected);
        Assert.Equal(("large", 18, 413, "document_too_large"), (rejected.Id, rejected.Line, rejected.Status, rejected.Type));
        Assert.Equal(39, index.Documents.Count);
        Assert.Equal(39, end.Counts.Acked);
    }

    [Theory]
    [InlineData(BulkResult.Blocked, LoadResult.Blocked)]
    [InlineData(BulkResult.Gone, LoadResult.Gone)]
    [InlineData(BulkResult.Refused, LoadResult.Refused)]
    public async Task What_does_not_pass_ends_the_load_at_once(object answer, object result)
    {
        var index = new BulkIndex
        {
            Answer = (request, _) => Task.FromResult(request == 2 ? new BulkAnswer((BulkResult)answer, [], Reason: "because") : null),
        };
        var trial = Trial(index, null, string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{{\"sku\":{n}}}\n")));

        var end = await trial.Run();

        Assert.Equal(((LoadResult)result, "because"), (end.Result, end.Reason));
        Assert.True(end.Position.File == 0 && index.Requests < 20);
        Assert.Equal(end.Position, trial.Told[^1].Position);
        Assert.Equal(0, index.UnderWay);
    }

    [Fact]
    public async Task A_block_that_only_one_document_meets_ends_the_load_too()
    {
        var blocked = new BulkItem(1, BulkResult.Blocked, 429, "cluster_block_exception", "flood-stage");
        var index = new BulkIndex { Answer = (_, _) => Task.FromResult<BulkAnswer?>(LoadTrial.Failed(blocked)) };

        var end = await Trial(index, null, "{\"sku\":\"a\"}\n{\"sku\":\"b\"}\n").Run();

        Assert.Equal((LoadResult.Blocked, "cluster_block_exception: flood-stage"), (end.Result, end.Reason));
        Assert.Equal(0, end.Counts.Acked);
    }

    [Fact]
    public async Task A_cluster_that_takes_nothing_for_a_minute_ends_the_load_where_it_is()
    {
        var time = new HastyTime(moves: true);
        var index = new BulkIndex { Answer = (request, _) => Task.FromResult(request == 1 ? null : Busy) };
        var trial = Trial(index, null, "{\"sku\":\"a\"}\n", string.Concat(Enumerable.Range(0, 9_000).Select(n => $"{{\"sku\":{n}}}\n")));
        trial.Job = trial.Job with { Limits = new LoadSpec { Workers = 1 } };

        var end = await trial.Run(time);

        Assert.Equal(LoadResult.Busy, end.Result);
        Assert.Contains("429: circuit_breaking_exception", end.Reason, StringComparison.Ordinal);
        Assert.InRange(time.GetElapsedTime(0), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(76));
        Assert.Equal(1_000, end.Counts.Acked);
    }

    [Fact]
    public async Task The_cluster_is_given_the_time_it_asks_for()
    {
        var time = new HastyTime(moves: true);
        var index = new BulkIndex
        {
            Answer = (request, _) => Task.FromResult(request == 1 ? Busy with { RetryAfter = TimeSpan.FromSeconds(33) } : null),
        };

        var end = await Trial(index, null, "{\"sku\":\"a\"}\n").Run(time);

        Assert.Equal((LoadResult.Done, 1), (end.Result, end.Counts.Retries));
        Assert.Equal(TimeSpan.FromSeconds(33), time.GetElapsedTime(0));
    }

    private static LoadTrial Trial(BulkIndex index, long? maxRejected, params string[] texts)
    {
        var source = new MemorySource([.. texts.Select((text, n) => ($"part-{n}", text))]);
        var trial = new LoadTrial(source, index);
        trial.Job = trial.Job with { IdField = "sku", MaxRejected = maxRejected ?? 100 };
        return trial;
    }

    private static int Size(string text) => Encoding.UTF8.GetByteCount(text);
}
