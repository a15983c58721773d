using System.Diagnostics;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.Resources;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>Runs and what comes of them as a trace shows them.</summary>
public sealed class RunTraceTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tick_is_one_trace_of_its_own_to_the_stored_record_and_the_status_whoever_set_the_reminder()
    {
        var (key, uid) = await Checked();
        using var spans = new SpanLog();
        using var elsewhere = new ActivitySource(nameof(RunTraceTests));
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        using (new Activity("whoever set the reminder").Start())
        {
            await Tick(key);
        }

        await world.History.Await(uid, records => records.Count >= 2, "the record of the second check");
        var tick = await spans.Await(span => span.DisplayName == "tick" && Is(span, key), "the tick");
        var trace = await spans.Await(tick.TraceId, span => span.DisplayName == "history", "the history");

        Assert.Equal(tick, Assert.Single(trace, SpanLog.IsRoot));
        Assert.Equal(["tick", "run", "probe"], Path(trace, "probe"));
        Assert.Equal(["tick", "run", "ISearchClusterGrain/Complete", "ISearchClusterGrain/Complete", "history", "history put"], Path(trace, "history put"));
        Assert.Equal(["tick", "write storage"], Path(trace, "write storage"));
        Assert.Equal("Stored", Tag(trace, "history", "clustergrains.outcome"));
        Assert.Equal("Created", Tag(trace, "history put", "clustergrains.outcome"));
        Assert.Contains($".{key.Name}.", (string)Tag(trace, "history put", "clustergrains.key")!, StringComparison.Ordinal);
        Assert.Contains("admitted", trace.Single(span => span.DisplayName == "run").Events.Select(one => one.Name));
    }

    [Fact]
    public async Task A_status_that_cannot_be_shown_for_long_is_one_span_with_its_first_failures()
    {
        var (key, _) = await Checked();
        using var spans = new SpanLog();
        world.Api.Down = true;
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await Tick(key);

        await Passing(world.Api.Refused(key, times: 10));
        world.Api.Down = false;
        var shown = spans.Await(
            span => span.DisplayName == "status" && Is(span, key) && Equals(span.GetTagItem("clustergrains.outcome"), "Written"), "the status");
        await Passing(shown);

        var status = await shown;
        Assert.InRange((int)status.GetTagItem("clustergrains.tries")!, 4, int.MaxValue);
        var failures = status.Events.Where(one => one.Name == "failed").ToArray();
        Assert.Equal(3, failures.Length);
        Assert.All(failures, one => Assert.Contains(new("clustergrains.problem", "The API server is down."), one.Tags));
    }

    [Fact]
    public async Task A_check_shows_each_of_its_requests_and_nothing_secret()
    {
        using var spans = new SpanLog();
        using var probing = new ProbeWorld();
        await using var cluster = await PretendCluster.Start("logs", PretendEngine.OpenSearch2, Cancellation);
        probing.Secret("login", ("username", "planted-user"), ("password", "planted-password"));
        var spec = ProbeWorld.Spec(cluster.Url.ToString()) with { Auth = new() { Basic = new() { SecretRef = new() { Name = "login" } } } };
        ActivityTraceId trace;
        using (var begin = ResourceTraces.Tick(SearchClusters.Kind, new ResourceKey("prod", SpanLog.NewName())))
        {
            trace = begin!.TraceId;
            await probing.Run(spec);
        }

        var asked = spans.Of(trace).Where(span => span.Kind is ActivityKind.Client).ToArray();
        Assert.Equal(["ask Identify", "ask Health", "ask NodeStats", "ask Settings"], asked.Select(span => span.DisplayName));
        Assert.All(asked, span => Assert.Equal(("127.0.0.1", cluster.Url.Port, "Ok"), (
            (string)span.GetTagItem("server.address")!, (int)span.GetTagItem("server.port")!, (string)span.GetTagItem("clustergrains.outcome")!)));
        Assert.DoesNotContain(
            spans.Of(trace).SelectMany(span => span.TagObjects), tag => tag.Value?.ToString()?.Contains("planted", StringComparison.Ordinal) == true);
    }

    /// <summary>Lets time pass, in steps longer than any pause between tries, until something has come about.</summary>
    private async Task Passing(Task comesAbout)
    {
        while (!comesAbout.IsCompleted)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(31));
            await Task.WhenAny(comesAbout, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation));
        }

        await comesAbout;
    }

    private Task Tick(ResourceKey key) => world.Grain(key).AsReference<IRemindable>().ReceiveReminder("run", default);

    /// <summary>A resource whose first check has ended, is stored and shown.</summary>
    private async Task<(ResourceKey Key, string Uid)> Checked()
    {
        _ = world.NewKey();
        var (key, uid) = (new ResourceKey("prod", SpanLog.NewName()), Guid.NewGuid().ToString());
        await world.Grain(key).Observe(world.Api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        await world.Checked(key);
        return (key, uid);
    }

    private static bool Is(Activity span, ResourceKey key) => Equals(span.GetTagItem("clustergrains.name"), key.Name);

    private static IEnumerable<string> Path(IReadOnlyList<Activity> trace, string name) =>
        SpanLog.Path(trace, trace.First(span => span.DisplayName == name));

    private static object? Tag(IReadOnlyList<Activity> trace, string name, string tag) =>
        trace.First(span => span.DisplayName == name).GetTagItem(tag);
}
