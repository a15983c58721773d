using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Datasets;

/// <summary>The way to a cluster: which endpoint, how long, and whether it is still the same cluster.</summary>
public sealed class IndexConnectionTests : IDisposable
{
    private readonly ProbeWorld _world = new();

    [Fact]
    public async Task Endpoints_are_tried_in_order_until_one_answers()
    {
        await using var broken = new StubServer(StubServer.Http("502 Bad Gateway", "<html>"));
        await using var unformed = new RecordedEngine(uuid: "_na_");
        await using var alive = new RecordedEngine();

        await using var session = await _world.Indices.Connect(
            "prod", ProbeWorld.Spec(broken.Url, unformed.Url, alive.Url), Cancellation);

        Assert.Equal(new ClusterIdentity("OpenSearch", "3.1.0", "logs", "u1"), session.Identity);
    }

    [Fact]
    public async Task Without_an_answer_every_endpoint_says_why()
    {
        await using var page = new StubServer(StubServer.Http("200 OK", "<html>"));
        await using var broken = new StubServer(StubServer.Http("502 Bad Gateway", "<html>"));

        var failure = await Assert.ThrowsAsync<DependencyException>(
            () => _world.Indices.Connect("prod", ProbeWorld.Spec(page.Url, broken.Url), Cancellation));

        Assert.Contains(page.Url, failure.Message, StringComparison.Ordinal);
        Assert.Contains("not JSON", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{broken.Url}/ answered GET / with 502", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_credentials_are_not_tried_elsewhere()
    {
        await using var first = new StubServer(StubServer.Http("401 Unauthorized", "Unauthorized"));
        await using var second = new RecordedEngine();

        var failure = await Assert.ThrowsAsync<DependencyException>(
            () => _world.Indices.Connect("prod", ProbeWorld.Spec(first.Url, second.Url), Cancellation));

        Assert.Contains("spec.auth", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_endpoint_is_lost_the_next_request_goes_to_another(bool gateway)
    {
        await using var first = new RecordedEngine();
        await using var second = new RecordedEngine().Says("GET /new/_count", Count);
        await using var session = await first.Connect(_world, second.Url);
        first.Does("GET /new/_count", _ => gateway ? StubServer.Http("504 Gateway Timeout", "<html>") : "");

        await Assert.ThrowsAsync<DependencyException>(() => session.Count("new", Cancellation));

        Assert.Equal(7, (await session.Count("new", Cancellation)).Docs);
    }

    [Fact]
    public async Task Another_cluster_at_another_endpoint_gets_no_request()
    {
        await using var first = new RecordedEngine();
        await using var second = new RecordedEngine(uuid: "u2").Says("DELETE /new", """{"acknowledged":true}""");
        await using var session = await first.Connect(_world, second.Url);
        first.Does("GET /new", _ => "").Does("GET /", _ => "");

        await Assert.ThrowsAsync<DependencyException>(() => session.Delete("new", "u", Cancellation));
        var failure = await Assert.ThrowsAsync<DependencyException>(() => session.Delete("new", "u", Cancellation));
        var bulk = await session.Bulk("new.a1", "{}\n{}\n"u8.ToArray(), 1, Cancellation);

        Assert.Contains("Another cluster", failure.Message, StringComparison.Ordinal);
        Assert.Equal(BulkResult.Busy, bulk.Result);
        Assert.Empty(second.Requests);
        Assert.Equal("u2", (await session.Identify(Cancellation)).ClusterUuid);
        Assert.Equal("u1", session.Identity.ClusterUuid);
    }

    [Fact]
    public async Task Another_cluster_at_the_same_endpoint_is_noticed_when_it_is_asked()
    {
        await using var server = new RecordedEngine();
        await using var session = await server.Connect(_world);
        server.Says("GET /", RecordedEngine.Identity("opensearch", "3.1.0", "u2")).Says("GET /new/_count", Count);

        Assert.Equal("u2", (await session.Identify(Cancellation)).ClusterUuid);
        await Assert.ThrowsAsync<DependencyException>(() => session.Count("new", Cancellation));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task OpenSearch_that_hides_its_version_is_asked_for_it()
    {
        await using var server = new RecordedEngine(version: "7.10.2")
            .Says("GET /_nodes/_local", """{"nodes":{"x":{"version":"1.3.20"}}}""");
        await using var session = await server.Connect(_world);

        Assert.Equal("1.3.20", session.Identity.Version);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var target = new RecordedEngine().Says("GET /new/_count", Count);
        await using var server = new RecordedEngine()
            .Says("GET /new/_count", "", "307 Temporary Redirect", $"Location: {target.Url}/new/_count\r\n");
        await using var session = await server.Connect(_world);

        var failure = await Assert.ThrowsAsync<DependencyException>(() => session.Count("new", Cancellation));

        Assert.Contains("307", failure.Message, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_the_end()
    {
        await using var server = new RecordedEngine().Does(
            "GET /products", _ => $"HTTP/1.1 200 OK\r\nContent-Length: {1L << 40}\r\n\r\n{{");
        await using var session = await server.Connect(_world);

        var failure = await Assert.ThrowsAsync<DependencyException>(() => session.Alias("products", Cancellation));

        Assert.Contains("over 16 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reads_our_credentials_in_what_a_cluster_repeats()
    {
        _world.Secret("logs", ("username", "me"), ("password", "s3cret-Word"));
        await using var server = new RecordedEngine().Says(
            "PUT /new", """{"error":{"type":"parse_exception","reason":"you sent s3cret-Word \u202e\u001b[2J"},"status":400}""", "400 Bad Request");
        var spec = ProbeWorld.Spec(server.Url) with { Auth = new() { Basic = new() { SecretRef = new() { Name = "logs" } } } };
        await using var session = await _world.Indices.Connect("prod", spec, Cancellation);

        var answer = await session.Create("new", "{}"u8.ToArray(), Cancellation);

        Assert.Contains(
            $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("me:s3cret-Word"))}\r\n", server.Last.Head, StringComparison.Ordinal);
        Assert.Equal("400 parse_exception: you sent *** [2J", answer.Reason);
    }

    [Fact]
    public async Task A_Secret_that_is_not_there_is_named()
    {
        var spec = ProbeWorld.Spec("http://127.0.0.1:1") with { Auth = new() { Basic = new() { SecretRef = new() { Name = "logs" } } } };

        var failure = await Assert.ThrowsAsync<DependencyException>(() => _world.Indices.Connect("prod", spec, Cancellation));

        Assert.Contains("logs", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(29, 2)]
    [InlineData(119, 120)]
    public async Task A_hanging_request_ends_with_its_own_time(int tooEarly, int after)
    {
        var time = new FakeTimeProvider();
        using var world = new ProbeWorld(time: time);
        var asked = new TaskCompletionSource();
        await using var server = new StubServer(async (head, stream, cancel) =>
        {
            if (head.StartsWith("GET / ", StringComparison.Ordinal))
            {
                await stream.WriteAsync(
                    Encoding.UTF8.GetBytes(StubServer.Http("200 OK", RecordedEngine.Identity("opensearch", "3.1.0", "u1"))), cancel);
                return;
            }

            asked.SetResult();
            while (await stream.ReadAsync(new byte[1024], cancel) > 0)
            {
            }
        });
        await using var session = await world.Indices.Connect("prod", ProbeWorld.Spec(server.Url), Cancellation);

        var hanging = tooEarly > 30
            ? Outcome(session.Bulk("new.a1", "{}\n{}\n"u8.ToArray(), 1, Cancellation))
            : Outcome(session.Create("new", "{}"u8.ToArray(), Cancellation));
        await asked.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(tooEarly));
        Assert.False(hanging.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(after));

        Assert.Contains("no complete answer", await hanging.WaitAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_so_and_nothing_else()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var server = new RecordedEngine();
        server.Does("POST /new.a1/_bulk", _ =>
        {
            caller.Cancel();
            return "";
        });
        await using var session = await server.Connect(_world);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => session.Bulk("new.a1", "{}\n{}\n"u8.ToArray(), 1, caller.Token));
    }

    public void Dispose() => _world.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Count => """{"count":7,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}}""";

    private static async Task<string> Outcome<T>(Task<T> task)
    {
        try
        {
            return await task is BulkAnswer bulk ? bulk.Reason : "";
        }
        catch (DependencyException failure)
        {
            return failure.Message;
        }
    }
}
