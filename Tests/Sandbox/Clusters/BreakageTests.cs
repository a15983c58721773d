using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Sandbox.Clusters;

public sealed class BreakageTests : IAsyncLifetime
{
    private readonly ArmedTime _time = new();
    private readonly HttpClient _http = new();
    private PretendCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PretendCluster.Start(
            new PretendClusterOptions { Name = "logs", Engine = PretendEngine.OpenSearch2, Time = _time },
            Cancellation);
        _http.BaseAddress = _cluster.Url;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("red", "red", 2, 11)]
    [InlineData("yellow", "yellow", 2, 12)]
    public async Task Lost_shards_show_in_health(string breakage, string status, int unassigned, int primaries)
    {
        await Break(breakage);

        var health = await Get("/_cluster/health");

        Assert.Equal(status, health.GetProperty("status").GetString());
        Assert.Equal(unassigned, health.GetProperty("unassigned_shards").GetInt32());
        Assert.Equal(primaries, health.GetProperty("active_primary_shards").GetInt32());
        Assert.Equal(100.0 * 22 / 24, health.GetProperty("active_shards_percent_as_number").GetDouble(), precision: 6);
    }

    [Fact]
    public async Task A_full_disk_is_past_the_flood_stage_on_one_node()
    {
        await Break("full-disk");

        var nodes = (await Get("/_nodes/stats/fs")).GetProperty("nodes").EnumerateObject()
            .Select(node => node.Value.GetProperty("fs").GetProperty("total"))
            .Select(disk => (Bytes(disk, "available_in_bytes"), Bytes(disk, "total_in_bytes")))
            .Select(disk => 1 - disk.Item1 / disk.Item2);

        Assert.Single(nodes, used => used > 0.95);
    }

    [Theory]
    [InlineData("401", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("403", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("429", HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests)]
    [InlineData("503", HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable)]
    public async Task Refusals_answer_with_their_status(string breakage, HttpStatusCode identity, HttpStatusCode health)
    {
        await Break(breakage);

        Assert.Equal(identity, (await _http.GetAsync("/", Cancellation)).StatusCode);
        Assert.Equal(health, (await _http.GetAsync("/_cluster/health", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Another_uuid_is_another_cluster_at_the_same_address()
    {
        var before = (await Get("/")).GetProperty("cluster_uuid").GetString();

        await Break("another-uuid");

        Assert.NotEqual(before, (await Get("/")).GetProperty("cluster_uuid").GetString());
    }

    [Fact]
    public async Task A_bad_body_is_a_good_status_and_half_an_answer()
    {
        await Break("bad-body");

        using var answer = await _http.GetAsync("/_cluster/health", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task A_dead_cluster_refuses_connections_and_comes_back_at_its_port()
    {
        var url = _cluster.Url;
        await Break("dead");

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync("/", Cancellation));
        var socket = Assert.IsType<SocketException>(refused.InnerException);
        Assert.Equal(SocketError.ConnectionRefused, socket.SocketErrorCode);

        await Break("heal");

        Assert.Equal(url, _cluster.Url);
        Assert.Equal("green", (await Get("/_cluster/health")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_slow_cluster_answers_after_its_delay()
    {
        await Break("slow");
        var answer = _http.GetAsync("/", Cancellation);

        Assert.Equal(TimeSpan.FromSeconds(3), await _time.Armed.WaitAsync(Cancellation));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task A_hanging_cluster_accepts_and_never_answers_until_it_is_healed()
    {
        await Break("hang");
        using var held = _cluster.Hold();
        var hanging = _http.GetAsync("/", Cancellation);
        await held.Arrived.WaitAsync(Cancellation);
        held.Dispose();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(hanging.IsCompleted);
        await Break("heal");

        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
        Assert.Equal("green", (await Get("/_cluster/health")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_gate_holds_one_path_until_it_is_released()
    {
        using var gate = _cluster.Hold("/_cluster/health");

        var held = _http.GetAsync("/_cluster/health", Cancellation);
        await gate.Arrived.WaitAsync(Cancellation);
        var other = await Get("/");

        Assert.Equal("logs", other.GetProperty("cluster_name").GetString());
        Assert.False(held.IsCompleted);
        gate.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal(1, _cluster.Requests("/_cluster/health"));
        Assert.Equal(2, _cluster.Requests());
    }

    [Fact]
    public async Task A_cluster_ends_while_requests_hang()
    {
        using var gate = _cluster.Hold();
        var held = _http.GetAsync("/", Cancellation);
        await gate.Arrived.WaitAsync(Cancellation);

        await _cluster.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => held);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static double Bytes(JsonElement disk, string name) => disk.GetProperty(name).GetDouble();

    private Task Break(string name) => _cluster.Break(Breakages.ByName[name], Cancellation);

    private async Task<JsonElement> Get(string path) =>
        JsonDocument.Parse(await _http.GetStringAsync(path, Cancellation)).RootElement;

    /// <summary>Tells when somebody begins to wait for time to pass, and for how long.</summary>
    private sealed class ArmedTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource<TimeSpan> _armed =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TimeSpan> Armed => _armed.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _armed.TrySetResult(dueTime);
            return timer;
        }
    }
}
