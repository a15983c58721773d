using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Watch;
using ClusterGrains.Watch;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Hosting;

/// <summary>When a silo is ready as far as Kubernetes goes, with and without the relay in it.</summary>
public sealed class RelayHealthTests
{
    private static readonly WatchTarget Target = new(RelayRig.Kind, null);

    private readonly FakeTimeProvider _time = new();
    private readonly WatchHealth _here;
    private readonly WatchHealth _relay;
    private readonly SweepHealth _sweep;
    private readonly SweepOptions _options = new();

    public RelayHealthTests()
    {
        _here = new WatchHealth(_time);
        _relay = new WatchHealth(_time);
        _sweep = new SweepHealth(new WatchTargets([RelayRig.Kind], Options.Create(new KubernetesOptions())), _time);
    }

    [Fact]
    public async Task Without_an_answer_of_the_relay_or_before_its_first_list_no_silo_is_ready()
    {
        Assert.Equal(("the watch relay has not answered yet", HealthStatus.Unhealthy), await Check());
        _here.Answered(_relay.Here);
        Assert.Equal(("the watch relay is only just beginning", HealthStatus.Unhealthy), await Check());
        _relay.Began(Target);
        _relay.Trouble(Target, "it is forbidden");
        _here.Answered(_relay.Here);
        Assert.Equal(("SearchCluster in all namespaces: it is forbidden", HealthStatus.Unhealthy), await Check());

        _relay.Trouble(Target, null);
        _relay.Listed(Target);
        _here.Answered(_relay.Here);

        Assert.Equal((null, HealthStatus.Healthy), await Check());
    }

    [Fact]
    public async Task What_goes_wrong_later_is_told_and_takes_no_silo_out_of_service()
    {
        _relay.Began(Target);
        _relay.Listed(Target);
        _relay.Trouble(Target, "no line for 75 s");
        _here.Answered(_relay.Here);
        _sweep.Swept(Target, "500");
        Assert.Equal(
            ("SearchCluster in all namespaces: no line for 75 s; the last sweep: 500", HealthStatus.Degraded), await Check());

        _here.Answered([_relay.Began(Target)]);
        _sweep.Swept(Target, null);
        Assert.Equal((null, HealthStatus.Healthy), await Check());

        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(("the watch relay has not answered for 180 s", HealthStatus.Degraded), await Check());
    }

    [Fact]
    public async Task Without_a_relay_a_silo_is_ready_once_it_has_compared_everything()
    {
        _options.Relay = false;
        Assert.Equal(("the first sweep is not done yet", HealthStatus.Unhealthy), await Check());
        _sweep.Swept(Target, "429");
        Assert.Equal(("the last sweep: 429", HealthStatus.Unhealthy), await Check());

        _sweep.Compared(Target);
        Assert.Equal(("the last sweep: 429", HealthStatus.Degraded), await Check());
        _sweep.Swept(Target, null);
        Assert.Equal((null, HealthStatus.Healthy), await Check());
    }

    private async Task<(string? Words, HealthStatus Status)> Check()
    {
        var health = new RelayHealth(_here, _sweep, new WatchOptions(), Options.Create(_options), _time);
        var result = await health.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        return (result.Description, result.Status);
    }
}
