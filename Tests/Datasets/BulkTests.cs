using System.Globalization;
using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>What becomes of documents, item by item and as a whole.</summary>
public sealed class BulkTests : IDisposable
{
    private const string Bulk = "POST /new.a1/_bulk";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        "{\"index\":{\"_id\":\"1\"}}\n{\"title\":\"ä\"}\n{\"index\":{\"_id\":\"2\"}}\n{}\n");

    private readonly ProbeWorld _world = new();

    [Fact]
    public async Task The_bytes_go_as_they_are_to_an_alias_and_nothing_else_with_their_length()
    {
        await using var server = new RecordedEngine()
            .Says(Bulk, """{"errors":false,"items":[{"index":{"status":201}},{"index":{"status":200}}]}""");

        var answer = await Send(server);

        Assert.Same(BulkAnswer.AllTaken, answer);
        Assert.Equal(Encoding.UTF8.GetString(Body), server.Last.Body);
        Assert.Contains("require_alias=true", server.Last.Target, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {Body.Length}\r\n", server.Last.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/x-ndjson\r\n", server.Last.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", server.Last.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(400, "mapper_parsing_exception", BulkResult.Refused)]
    [InlineData(400, "document_parsing_exception", BulkResult.Refused)]
    [InlineData(400, "strict_dynamic_mapping_exception", BulkResult.Refused)]
    [InlineData(400, "illegal_argument_exception", BulkResult.Refused)]
    [InlineData(429, "rejected_execution_exception", BulkResult.Busy)]
    [InlineData(429, "es_rejected_execution_exception", BulkResult.Busy)]
    [InlineData(429, "circuit_breaking_exception", BulkResult.Busy)]
    [InlineData(503, "unavailable_shards_exception", BulkResult.Busy)]
    [InlineData(500, "translog_exception", BulkResult.Busy)]
    [InlineData(429, "cluster_block_exception", BulkResult.Blocked)]
    [InlineData(403, "cluster_block_exception", BulkResult.Blocked)]
    [InlineData(400, "index_closed_exception", BulkResult.Blocked)]
    [InlineData(503, "cluster_block_exception", BulkResult.Busy)]
    [InlineData(404, "index_not_found_exception", BulkResult.Gone)]
    public async Task An_item_has_its_class(int status, string type, BulkResult expected)
    {
        const string Items = """{"errors":true,"items":[{"index":{"status":201}},{"index":{"status":STATUS,"error":{"type":"TYPE","reason":"why\u001b[31m"}}}]}""";
        await using var server = new RecordedEngine().Says(
            Bulk,
            Items.Replace("STATUS", $"{status}", StringComparison.Ordinal).Replace("TYPE", type, StringComparison.Ordinal));

        var answer = await Send(server);

        Assert.Equal(BulkResult.Taken, answer.Result);
        Assert.Equal(new BulkItem(1, expected, status, type, "why [31m"), Assert.Single(answer.Failed));
    }

    [Fact]
    public async Task A_flag_that_says_there_are_no_errors_is_not_believed()
    {
        await using var server = new RecordedEngine().Says(
            Bulk, """{"errors":false,"items":[{"index":{"status":201}},{"index":{"status":400,"error":{"type":"x","reason":"y"}}}]}""");

        Assert.Equal(BulkResult.Refused, Assert.Single((await Send(server)).Failed).Result);
    }

    [Fact]
    public async Task Items_that_the_user_may_not_write_are_no_bad_documents()
    {
        await using var server = new RecordedEngine().Says(
            Bulk,
            """{"errors":true,"items":[{"index":{"status":403,"error":{"type":"security_exception","reason":"no permissions for [indices:data/write/bulk[s]]"}}},{"index":{"status":201}}]}""");

        var answer = await Send(server);

        Assert.Equal(BulkResult.Refused, answer.Result);
        Assert.Empty(answer.Failed);
        Assert.Contains("no permissions for", answer.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"errors":false}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""<html>""")]
    [InlineData("")]
    [InlineData("""{"errors":false,"items":[{"index":{"status":201}}]}""")]
    [InlineData("""{"errors":false,"items":[{"index":{"status":201}},{"index":{}}]}""")]
    [InlineData("""{"errors":false,"items":[{"index":{"status":201}},{}]}""")]
    [InlineData("""{"errors":false,"items":[{"index":{"status":201}},{"index":{"sta""")]
    [InlineData("""{"errors":false,"items":[{"index":{"status":201}},{"index":{"status":201}},{"index":{"status":201}}]}""")]
    [InlineData("""{"errors":false,"items":[[],[]]}""")]
    [InlineData("""{"errors":false,"items":{"index":{"status":201}}}""")]
    public async Task An_answer_that_does_not_speak_of_every_item_leaves_all_unknown(string body)
    {
        await using var server = new RecordedEngine().Says(Bulk, body);

        Assert.Equal(BulkResult.Busy, (await Send(server)).Result);
    }

    [Theory]
    [InlineData(429, "es_rejected_execution_exception", BulkResult.Busy)]
    [InlineData(429, "circuit_breaking_exception", BulkResult.Busy)]
    [InlineData(503, "cluster_manager_not_discovered_exception", BulkResult.Busy)]
    [InlineData(503, "cluster_block_exception", BulkResult.Busy)]
    [InlineData(500, "null_pointer_exception", BulkResult.Busy)]
    [InlineData(429, "cluster_block_exception", BulkResult.Blocked)]
    [InlineData(403, "cluster_block_exception", BulkResult.Blocked)]
    [InlineData(404, "index_not_found_exception", BulkResult.Gone)]
    [InlineData(400, "illegal_argument_exception", BulkResult.Refused)]
    [InlineData(401, "security_exception", BulkResult.Refused)]
    [InlineData(403, "security_exception", BulkResult.Refused)]
    [InlineData(413, "content_too_long_exception", BulkResult.TooLarge)]
    public async Task A_request_has_its_class(int status, string type, BulkResult expected)
    {
        await using var server = new RecordedEngine().Says(
            Bulk, SwapTests.Error(status, type, "no"), $"{status} No", "Retry-After: 7\r\n");

        var answer = await Send(server);

        Assert.Equal(expected, answer.Result);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.RetryAfter);
        Assert.Contains(type, answer.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502, BulkResult.Busy)]
    [InlineData(503, BulkResult.Busy)]
    [InlineData(504, BulkResult.Busy)]
    [InlineData(413, BulkResult.TooLarge)]
    [InlineData(301, BulkResult.Refused)]
    [InlineData(404, BulkResult.Refused)]
    public async Task A_proxys_answer_has_its_class_too(int status, BulkResult expected)
    {
        await using var server = new RecordedEngine().Says(
            Bulk, "<html>", $"{status} No", "Location: http://127.0.0.1:1/\r\n");

        var answer = await Send(server);

        Assert.Equal(expected, answer.Result);
        Assert.Contains(status.ToString(CultureInfo.InvariantCulture), answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_says_too_large_before_it_has_read_all_is_heard()
    {
        await using var server = new StubServer(async (head, stream, cancel) =>
        {
            var answer = head.StartsWith("GET / ", StringComparison.Ordinal)
                ? StubServer.Http("200 OK", RecordedEngine.Identity("opensearch", "3.1.0", "u1"))
                : StubServer.Http("413 Content Too Large", "<html>");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancel);
        });
        await using var session = await _world.Indices.Connect("prod", ProbeWorld.Spec(server.Url), TestContext.Current.CancellationToken);

        var answer = await session.Bulk("new.a1", new byte[32 << 20], 2, TestContext.Current.CancellationToken);

        Assert.Equal(BulkResult.TooLarge, answer.Result);
    }

    [Fact]
    public async Task A_connection_that_breaks_leaves_all_unknown()
    {
        await using var server = new RecordedEngine().Does(Bulk, _ => "");

        Assert.Equal(BulkResult.Busy, (await Send(server)).Result);
    }

    [Fact]
    public void An_answer_without_failures_costs_no_memory_per_item()
    {
        const int Items = 5_000;
        var json = Encoding.UTF8.GetBytes(
            $$"""{"errors":false,"items":[{{string.Join(',', Enumerable.Repeat("""{"index":{"status":201}}""", Items))}}]}""");
        var answers = new BulkAnswers(text => text);
        Assert.Same(BulkAnswer.AllTaken, answers.Read(json, Items));

        var before = GC.GetAllocatedBytesForCurrentThread();
        answers.Read(json, Items);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    public void Dispose() => _world.Dispose();

    private async Task<BulkAnswer> Send(RecordedEngine server)
    {
        await using var session = await server.Connect(_world);
        return await session.Bulk("new.a1", Body, 2, TestContext.Current.CancellationToken);
    }
}
