using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Clusters;

/// <summary>The probe against pretend clusters of every engine, broken in every way.</summary>
public sealed class ClusterProbeTests : IDisposable
{
    private readonly ProbeWorld _world = new();

    public static TheoryData<string> Engines() => [.. PretendEngine.All.Select(engine => engine.Name)];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Every_engine_is_understood_in_full(string name)
    {
        var engine = PretendEngine.Named(name);
        await using var cluster = await PretendCluster.Start("logs", engine, Cancellation);

        var facts = await _world.Run(cluster.Url.ToString());

        Assert.Equal(
            [StepOutcome.Ok, StepOutcome.Ok, StepOutcome.Ok, StepOutcome.Ok],
            Enum.GetValues<Step>().Select(step => facts[step].Outcome));
        Assert.Equal(engine.IsOpenSearch ? "OpenSearch" : "Elasticsearch", facts.Identity?.Engine);
        Assert.StartsWith($"{engine.Major}.", facts.Identity?.Version, StringComparison.Ordinal);
        Assert.Equal("logs", facts.Identity?.ClusterName);
        Assert.NotNull(facts.Identity?.ClusterUuid);
        Assert.Equal("green", facts.HealthFacts?.Status);
        Assert.All(facts.NodesFacts!.Nodes, node => Assert.InRange(node.DiskUsedPercent ?? 0, node.HoldsData ? 1 : 0, 99));
        Assert.NotNull(facts.ClusterSettings?[ClusterSettings.Prefix + "watermark.flood_stage"]);
        Assert.Empty(ClusterChecks.Judge(Facts.Spec, facts, facts.Identity?.ClusterUuid, Facts.Now).Findings);
        Assert.Equal(4, cluster.Requests());
    }

    public static TheoryData<string, string, string, Severity, bool> Broken()
    {
        var data = new TheoryData<string, string, string, Severity, bool>();
        foreach (var engine in PretendEngine.All)
        {
            data.Add(engine.Name, nameof(Breakage.Red), FindingCodes.StatusRed, Severity.Critical, true);
            data.Add(engine.Name, nameof(Breakage.Yellow), FindingCodes.StatusYellow, Severity.Warning, true);
            data.Add(engine.Name, nameof(Breakage.FullDisk), FindingCodes.DiskFlood, Severity.Critical, true);
            data.Add(engine.Name, nameof(Breakage.NoMaster), FindingCodes.NoClusterManager, Severity.Critical, true);
            data.Add(engine.Name, nameof(Breakage.Unauthorized), FindingCodes.Unauthorized, Severity.Warning, false);
            data.Add(engine.Name, nameof(Breakage.Forbidden), FindingCodes.PermissionMissing, Severity.Warning, false);
            data.Add(engine.Name, nameof(Breakage.Throttled), FindingCodes.Throttled, Severity.Warning, false);
            data.Add(engine.Name, nameof(Breakage.Dead), FindingCodes.ConnectionFailed, Severity.Warning, false);
            data.Add(engine.Name, nameof(Breakage.BadBody), FindingCodes.BadAnswer, Severity.Warning, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Every_way_to_break_is_the_first_finding(
        string engine, string breakage, string code, Severity severity, bool answered)
    {
        await using var cluster = await PretendCluster.Start("logs", PretendEngine.Named(engine), Cancellation);
        await cluster.Break(Enum.Parse<Breakage>(breakage), Cancellation);

        var outcome = await _world.Check(cluster.Url.ToString());

        Assert.Equal((code, severity), (outcome.Findings[0].Code, outcome.Findings[0].Severity));
        Assert.Equal(answered, outcome.Answered);
    }

    [Fact]
    public async Task Another_cluster_at_the_same_address_is_noticed()
    {
        await using var cluster = await PretendCluster.Start("logs", PretendEngine.OpenSearch3, Cancellation);
        var before = await _world.Run(cluster.Url.ToString());
        await cluster.Break(Breakage.AnotherUuid, Cancellation);

        var after = await _world.Run(cluster.Url.ToString());

        var outcome = ClusterChecks.Judge(Facts.Spec, after, before.Identity!.ClusterUuid, Facts.Now);
        Assert.Equal(FindingCodes.ClusterUuidChanged, Assert.Single(outcome.Findings).Code);
    }

    [Fact]
    public async Task OpenSearch_that_pretends_to_be_7_10_2_is_asked_for_its_true_version_under_the_endpoints_path()
    {
        using var pretending = new StreamReader(typeof(ClusterProbeTests).Assembly
            .GetManifestResourceStream("Clusters/Golden/opensearch-1-pretending.json")!);
        var identity = await pretending.ReadToEndAsync(Cancellation);
        var paths = new List<string>();
        await using var server = new StubServer((head, stream, cancel) =>
        {
            var path = head.Split(' ')[1];
            paths.Add(path);
            var body = path switch
            {
                "/search/" => identity,
                _ when path.StartsWith("/search/_nodes/_local", StringComparison.Ordinal) => """{"nodes":{"x":{"version":"1.3.20"}}}""",
                _ => """{"status":"green"}""",
            };
            return stream.WriteAsync(Encoding.UTF8.GetBytes(StubServer.Http("200 OK", body)), cancel).AsTask();
        });

        var facts = await _world.Run(server.Url + "/search");

        Assert.Equal(("OpenSearch", "1.3.20"), (facts.Identity?.Engine, facts.Identity?.Version));
        Assert.Contains("/search/_cluster/health?level=cluster&timeout=5s&master_timeout=5s", paths);
    }

    [Fact]
    public async Task A_rotated_Secret_works_at_the_next_check()
    {
        await using var cluster = await PretendCluster.Start(
            new PretendClusterOptions { Name = "logs", Authorization = "Basic bWU6czNjcmV0" }, Cancellation);
        var spec = ProbeWorld.Spec(cluster.Url.ToString()) with
        {
            Auth = new() { Basic = new() { SecretRef = new() { Name = "logs-monitor" } } },
        };

        _world.Secret("logs-monitor", ("username", "me"), ("password", "old"));
        Assert.False((await _world.Check(spec)).CredentialsValid);
        Assert.Equal(1, cluster.Requests());

        _world.Secret("logs-monitor", ("username", "me"), ("password", "s3cret\n"));
        Assert.Empty((await _world.Check(spec)).Findings);
    }

    [Fact]
    public async Task An_endpoint_that_is_dead_is_passed_over_and_the_one_that_answered_is_asked_first_next_time()
    {
        await using var dead = await PretendCluster.Start("logs", PretendEngine.Elasticsearch9, Cancellation);
        await using var alive = await PretendCluster.Start("logs", PretendEngine.Elasticsearch9, Cancellation);
        await dead.Break(Breakage.Dead, Cancellation);
        string[] endpoints = [dead.Url.ToString(), alive.Url.ToString()];

        var first = await _world.Run(endpoints);
        await dead.Heal(Cancellation);
        var second = await _world.Run(endpoints);

        Assert.Equal(alive.Url.ToString(), first.Endpoint);
        Assert.Equal(dead.Url.ToString(), Assert.Single(first.PassedOver).Endpoint);
        Assert.Equal(alive.Url.ToString(), second.Endpoint);
        Assert.Empty(second.PassedOver);
        Assert.Equal(0, dead.Requests());
    }

    [Fact]
    public async Task A_node_without_a_manager_is_passed_over_for_one_that_sees_it()
    {
        await using var alone = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, Cancellation);
        await using var majority = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, Cancellation);
        await alone.Break(Breakage.NoMaster, Cancellation);

        var outcome = await _world.Check(alone.Url.ToString(), majority.Url.ToString());

        Assert.Equal("green", outcome.Health);
        var finding = Assert.Single(outcome.Findings);
        Assert.Equal((FindingCodes.NoClusterManager, Severity.Info), (finding.Code, finding.Severity));
    }

    [Fact]
    public async Task Wrong_credentials_are_not_tried_elsewhere()
    {
        await using var first = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, Cancellation);
        await using var second = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, Cancellation);
        await first.Break(Breakage.Unauthorized, Cancellation);

        await _world.Run(first.Url.ToString(), second.Url.ToString());

        Assert.Equal(1, first.Requests());
        Assert.Equal(0, second.Requests());
    }

    [Fact]
    public async Task A_cluster_that_hangs_ends_the_probe_when_the_caller_gives_up()
    {
        await using var cluster = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, Cancellation);
        using var held = cluster.Hold();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var probing = _world.Probe.Probe("prod", ProbeWorld.Spec(cluster.Url.ToString()), caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing);
    }

    public void Dispose() => _world.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
