using System.Diagnostics;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.Resources;
using ClusterGrains.Tests.Watch;
using ClusterGrains.Watch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>Edits as a trace shows them.</summary>
public sealed class EditTraceTests
{
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_edit_is_one_trace_from_the_line_of_the_watch_to_its_status_and_says_what_was_slow()
    {
        var name = SpanLog.NewName();
        await using var world = await SiloWorld.Create(suspended: true);
        await world.Start();
        world.Create(name);
        await world.Converged();
        using var spans = new SpanLog();
        world.Api.Faults.DelayNext(1, Slowness, new FaultScope("PUT", $"{name}/status"));

        await world.Edit(name);

        var edit = await spans.Await(span => span.DisplayName == "edit" && Is(span, name, generation: 2), "the edit");
        var trace = await spans.Await(
            edit.TraceId, span => span.DisplayName == "status" && Equals(span.GetTagItem("clustergrains.outcome"), "Written"), "the status");
        var slow = trace.Single(span => span.DisplayName == "kubernetes update searchclusters/status" && span.Duration >= Slowness / 2);
        Assert.Equal(edit, Assert.Single(trace, SpanLog.IsRoot));
        Assert.Equal(
            ["edit", "IResourceGrain/Observe", "IResourceGrain/Observe", "status", "kubernetes update searchclusters/status"],
            SpanLog.Path(trace, slow));
        Assert.Equal(200, slow.GetTagItem("http.response.status_code"));
        var write = trace.First(span => span.DisplayName == "write storage");
        Assert.Equal(["edit", "IResourceGrain/Observe", "IResourceGrain/Observe", "write storage"], SpanLog.Path(trace, write));
        Assert.Contains("taken", edit.Events.Select(one => one.Name));
    }

    [Fact]
    public async Task The_echo_of_our_own_status_and_whoever_woke_the_relay_begin_no_trace()
    {
        var name = SpanLog.NewName();
        using var spans = new SpanLog();
        await using var world = await SiloWorld.Create(suspended: true);
        await world.Start();
        await world.Until(() => world.Silo.GetRequiredService<WatchHealth>().Here.Length > 0);
        world.Create(name);
        await world.Converged();
        await world.Edit(name);
        await world.Converged();

        Assert.Equal(
            ["Consumer edit", "Consumer edit"],
            spans.All.Where(span => SpanLog.IsRoot(span) && Is(span, name)).Select(span => $"{span.Kind} {span.DisplayName}"));
        Assert.DoesNotContain(spans.All, span => span.DisplayName.Contains("Nudge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trace_goes_on_in_the_silo_in_which_the_grain_lives()
    {
        var (api, history, probe) = (new PretendApi(), new PretendHistory(), new PretendProbe { Facts = Facts.Green() });
        await using var cluster = await TestSilo.Start(
            TimeProvider.System, api, history, services => services.AddSearchClusters().AddSingleton<IClusterProbe>(probe), silos: 3);
        using var spans = new SpanLog();
        var here = cluster.Silos[0];
        var storage = cluster.GetSiloServiceProvider().GetRequiredService<PretendStorage>();
        var tell = GrainDelivery.To(cluster.GetSiloServiceProvider(here.SiloAddress).GetRequiredService<IGrainFactory>());
        using var leaving = new CancellationTokenSource();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var queue = Queue(services, tell);
        var running = queue.Run(leaving.Token);
        var key = default(ResourceKey);
        do
        {
            key = new ResourceKey("prod", SpanLog.NewName());
            queue.Offer(new(SearchClusters.Kind, key), new Delivery.Observe(api.Apply(key, GrainWorld.Spec(), Guid.NewGuid().ToString())));
            await api.Status(key, status => status["lastRun"] is not null, "a status with a check");
        }
        while (storage.Index(key.ToString())!.Silo == here.SiloAddress.ToParsableString());

        var edit = await spans.Await(span => span.DisplayName == "edit" && Is(span, key.Name), "the edit");
        var trace = await spans.Await(edit.TraceId, span => span.DisplayName == "status" && !IsOvertaken(span), "the status");

        Assert.Contains(trace, span => span.DisplayName == "IResourceGrain/Observe" && span.Kind is ActivityKind.Server && span.HasRemoteParent);
        Assert.Contains(trace, span => span.DisplayName == "activate grain");
        Assert.Single(trace, SpanLog.IsRoot);
        await leaving.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static DeliveryQueue Queue(IServiceProvider services, Deliver tell)
    {
        var options = new WatchOptions();
        var health = new WatchHealth(TimeProvider.System);
        var metrics = new WatchMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), health);
        return new DeliveryQueue(tell, options, TimeProvider.System, metrics, NullLogger<DeliveryQueue>.Instance);
    }

    private static bool Is(Activity span, string name, long? generation = null) =>
        Equals(span.GetTagItem("clustergrains.name"), name)
        && (generation is null || Equals(span.GetTagItem("clustergrains.generation"), generation));

    private static bool IsOvertaken(Activity span) => Equals(span.GetTagItem("clustergrains.outcome"), "Overtaken");
}
