using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Tests.Processes;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Clusters;

/// <summary>What the probe does when the other side is no search cluster, or an evil one.</summary>
public sealed class HostileServerTests : IDisposable
{
    private const string Identity =
        """{"name":"n","cluster_name":"logs","cluster_uuid":"u1","version":{"number":"8.15.2","build_flavor":"default"},"tagline":"You Know, for Search"}""";

    private readonly ProbeWorld _world = new();

    [Theory]
    [InlineData("301 Moved Permanently", StepOutcome.UnexpectedStatus)]
    [InlineData("302 Found", StepOutcome.UnexpectedStatus)]
    [InlineData("307 Temporary Redirect", StepOutcome.UnexpectedStatus)]
    [InlineData("500 Internal Server Error", StepOutcome.UnexpectedStatus)]
    [InlineData("503 Service Unavailable", StepOutcome.UnexpectedStatus)]
    [InlineData("204 No Content", StepOutcome.UnexpectedStatus)]
    [InlineData("404 Not Found", StepOutcome.UnexpectedStatus)]
    [InlineData("401 Unauthorized", StepOutcome.Unauthorized)]
    public async Task A_status_has_its_class_and_redirects_are_not_followed(string status, StepOutcome outcome)
    {
        await using var target = new StubServer(StubServer.Http("200 OK", Identity));
        await using var server = new StubServer(StubServer.Http(status, "", $"Location: {target.Url}/\r\n"));

        var facts = await _world.Run(server.Url);

        Assert.Equal(outcome, First(facts).Outcome);
        Assert.Equal(0, target.Connections);
    }

    [Theory]
    [InlineData("<html><body>Please sign in</body></html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("{}")]
    [InlineData("""{"cluster_name":"x"}""")]
    [InlineData("""{"version":{"number":null},"cluster_uuid":{}}""")]
    [InlineData("""{"cluster_uuid":"u","version":{"number":"1.0"},"tagline":"another product"}""")]
    public async Task Another_body_than_a_search_clusters_is_a_bad_answer(string body)
    {
        await using var server = new StubServer(StubServer.Http("200 OK", body));

        Assert.Equal(StepOutcome.BadBody, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task JSON_nested_without_end_is_a_bad_answer()
    {
        await using var server = new StubServer(StubServer.Http("200 OK", new string('[', 60_000)));

        Assert.Equal(StepOutcome.BadBody, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task A_body_that_announces_too_much_is_not_read()
    {
        await using var server = new StubServer("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n{");

        Assert.Equal(StepOutcome.TooLarge, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task A_body_without_end_is_cut()
    {
        await using var server = new StubServer(async (_, stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), cancel);
            while (true)
            {
                await stream.WriteAsync(new byte[4096], cancel);
            }
        });

        Assert.Equal(StepOutcome.TooLarge, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task A_small_body_that_decompresses_to_a_large_one_is_cut()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[50 << 20], Cancellation);
        }

        await using var server = new StubServer(async (_, stream, cancel) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n"), cancel);
            await stream.WriteAsync(bomb.ToArray(), cancel);
        });

        Assert.InRange(bomb.Length, 1, 64 * 1024);
        Assert.Equal(StepOutcome.TooLarge, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task Headers_without_end_are_cut()
    {
        var header = $"X-Noise: {new string('x', 40_000)}\r\n";
        await using var server = new StubServer(StubServer.Http("200 OK", Identity, header));

        Assert.Equal(StepOutcome.TooLarge, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task Broken_compression_is_a_bad_answer()
    {
        await using var server = new StubServer(StubServer.Http("200 OK", "not gzip at all", "Content-Encoding: gzip\r\n"));

        Assert.Equal(StepOutcome.BadBody, First(await _world.Run(server.Url)).Outcome);
    }

    [Fact]
    public async Task Another_protocol_than_HTTP_is_a_bad_answer()
    {
        await using var server = new StubServer("SSH-2.0-OpenSSH_9.7\r\n");

        Assert.Equal(StepOutcome.BadBody, First(await _world.Run(server.Url)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"cluster")]
    public async Task A_connection_that_breaks_is_a_failed_connection(string answer)
    {
        await using var server = new StubServer(answer);

        Assert.Equal(StepOutcome.Connect, First(await _world.Run(server.Url)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"cluster")]
    public async Task A_server_that_goes_silent_costs_one_request_timeout(string beginning)
    {
        var time = new FakeTimeProvider();
        using var world = new ProbeWorld(time: time);
        var silent = new TaskCompletionSource();
        await using var server = new StubServer(async (_, stream, cancel) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), cancel);
            silent.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        });

        var probing = world.Run(server.Url);
        await silent.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(30));

        var result = First(await probing);
        Assert.Equal(new StepResult(StepOutcome.Timeout, Detail: "within spec.schedule.requestTimeout of 30s"), result);
    }

    [Fact]
    public async Task All_requests_together_end_with_the_checks_timeout_and_what_was_learnt_stays()
    {
        var time = new FakeTimeProvider();
        using var world = new ProbeWorld(time: time);
        var silent = new TaskCompletionSource();
        await using var server = new StubServer(async (head, stream, cancel) =>
        {
            if (head.StartsWith("GET / ", StringComparison.Ordinal))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(StubServer.Http("200 OK", Identity)), cancel);
                return;
            }

            silent.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        });
        var spec = ProbeWorld.Spec(server.Url) with { Schedule = new() { Interval = TimeSpan.FromSeconds(5) } };

        var probing = world.Run(spec);
        await silent.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));

        var facts = await probing;
        Assert.Equal("u1", facts.Identity?.ClusterUuid);
        Assert.Equal(
            [StepOutcome.Ok, StepOutcome.Timeout, StepOutcome.Timeout, StepOutcome.Timeout],
            Enum.GetValues<Step>().Select(step => facts[step].Outcome));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1", "169.254.169.254")]
    public async Task A_name_that_leads_to_a_forbidden_address_is_not_connected_to(params string[] addresses)
    {
        using var world = new ProbeWorld(allowLoopback: false);
        await using var server = new StubServer(StubServer.Http("200 OK", Identity));
        world.Names["rebound.test"] = addresses;

        var result = First(await world.Run($"http://rebound.test:{server.Port}"));

        Assert.Equal(StepOutcome.Refused, result.Outcome);
        Assert.Contains(addresses[^1], result.Detail, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_name_that_comes_to_mean_a_forbidden_address_is_asked_no_more_whatever_it_meant_before()
    {
        await using var server = new StubServer(StubServer.Http("200 OK", Identity));
        var endpoint = $"http://rebinding.test:{server.Port}";
        _world.Names["rebinding.test"] = ["127.0.0.1"];
        Assert.Equal("u1", (await _world.Run(endpoint)).Identity?.ClusterUuid);
        var connections = server.Connections;

        _world.Names["rebinding.test"] = ["169.254.169.254"];
        var result = First(await _world.Run(endpoint));

        Assert.Equal(StepOutcome.Refused, result.Outcome);
        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task An_address_of_this_machine_is_loopback_by_another_name()
    {
        var own = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, TestContext.Current.CancellationToken))
            .FirstOrDefault(address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "This machine has no address but loopback.");
        using var world = new ProbeWorld(allowLoopback: false);
        world.Names["own.test"] = [$"{own}"];
        world.Names["mapped.test"] = [$"::ffff:{own}"];

        foreach (var host in new[] { $"{own}", "own.test", "mapped.test" })
        {
            var result = First(await world.Run($"http://{host}:9"));
            Assert.Equal(StepOutcome.Refused, result.Outcome);
            Assert.Contains("Endpoints:AllowLoopback", result.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}")]
    [InlineData("http://2130706433:{0}")]
    public async Task Loopback_is_refused_however_it_is_written_unless_allowed(string endpoint)
    {
        using var world = new ProbeWorld(allowLoopback: false);
        await using var server = new StubServer(StubServer.Http("200 OK", Identity));

        var result = First(await world.Run(string.Format(null, endpoint, server.Port)));

        Assert.Equal(StepOutcome.Refused, result.Outcome);
        Assert.Contains("Endpoints:AllowLoopback", result.Detail, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Of_several_addresses_the_forbidden_ones_are_left_out()
    {
        await using var server = new StubServer(StubServer.Http("200 OK", Identity));
        _world.Names["mixed.test"] = ["169.254.169.254", "127.0.0.1"];

        var facts = await _world.Run($"http://mixed.test:{server.Port}");

        Assert.Equal("u1", facts.Identity?.ClusterUuid);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_and_a_port_where_nobody_listens_have_their_classes()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var facts = await _world.Run("http://nowhere.test:9200", $"http://127.0.0.1:{port}");

        Assert.Equal(
            [
                new(StepOutcome.Dns, Detail: "no such name"),
                new(StepOutcome.Connect, Detail: $"127.0.0.1:{port}: connection refused"),
            ],
            facts.PassedOver.Select(failure => failure.Result));
    }

    [Fact]
    public async Task Escapes_and_our_own_credentials_do_not_get_out_of_an_answer()
    {
        _world.Secret("key", ("apiKey", "id:s3cr3t-key"));
        var encoded = Convert.ToBase64String("id:s3cr3t-key"u8);
        await using var server = new StubServer(StubServer.Http(
            "200 OK",
            $$"""{"cluster_name":"\u001b[2J\r\nlogs s3cr3t-key","cluster_uuid":"u {{encoded}}","version":{"number":"8.1\u0007"},"tagline":"You Know, for Search"}"""));
        var spec = ProbeWorld.Spec(server.Url) with { Auth = new() { ApiKey = new() { SecretRef = new() { Name = "key" } } } };

        var facts = await _world.Run(spec);

        Assert.Equal(new ClusterIdentity("Elasticsearch", "8.1", "[2J logs ***", "u ***"), facts.Identity);
    }

    [Fact]
    public async Task A_proxy_in_the_environment_is_ignored()
    {
        await using var child = ChildProcess.Start("probe-behind-proxy");

        Assert.Equal("u1, 0 connections to the proxy", await child.ReadLine(Cancellation));
        Assert.Equal(0, await child.Stop(Cancellation));
    }

    /// <summary>A process of its own, because the environment is everybody's.</summary>
    internal static async Task<int> ProbeBehindProxy(string[] args, CancellationToken cancellationToken)
    {
        await using var proxy = new StubServer(StubServer.Http("502 Bad Gateway", ""));
        await using var server = new StubServer(StubServer.Http("200 OK", Identity));
        foreach (var name in (string[])["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
        {
            Environment.SetEnvironmentVariable(name, proxy.Url);
        }

        using var world = new ProbeWorld();
        world.Names["cluster.test"] = ["127.0.0.1"];
        var facts = await world.Probe.Probe("prod", ProbeWorld.Spec($"http://cluster.test:{server.Port}"), cancellationToken);
        Console.WriteLine($"{facts.Identity?.ClusterUuid}, {proxy.Connections} connections to the proxy");
        return 0;
    }

    public void Dispose() => _world.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static StepResult First(ClusterFacts facts) =>
        facts.PassedOver is [var failure, ..] ? failure.Result : facts.Identify;
}
