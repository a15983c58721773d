using System.Diagnostics.Metrics;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace ClusterGrains.Tests.History;

public sealed class OutboxMetricsTests
{
    private long _pending;

    [Fact]
    public async Task What_waits_in_the_grains_of_a_silo_is_known_without_asking_them()
    {
        var (clock, api, history) = (new FakeTimeProvider(), new PretendApi(), new PretendHistory { Down = true });
        await using var cluster = await TestSilo.Start(
            clock, api, history, services => services.AddSearchClusters().AddSingleton<IClusterProbe>(new PretendProbe { Facts = Facts.Green() }));
        using var listener = Listen(cluster.GetSiloServiceProvider().GetRequiredService<IMeterFactory>());
        var (key, uid) = (new ResourceKey("prod", "logs"), Guid.NewGuid().ToString());
        var grain = cluster.Client.GetGrain<ISearchClusterGrain>(key.ToString());
        await grain.Observe(api.Apply(key, GrainWorld.Spec(), uid), Cancellation);
        var shown = await api.Status(key, s => s["lastRun"] is not null && (long)s["history"]!["pending"]! > 0, "records that wait");
        Assert.Equal((long)shown["history"]!["pending"]!, Interlocked.Read(ref _pending));

        await cluster.DeactivateAsync((IAddressable)grain);
        Assert.Equal(0, Interlocked.Read(ref _pending));

        await grain.Wake(Cancellation);
        Assert.NotEqual(0, Interlocked.Read(ref _pending));
        history.Down = false;
        await grain.Wake(Cancellation);
        while (history.Of(uid).Count < (long)shown["history"]!["seq"]!)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await api.Status(key, s => (long)s["history"]!["pending"]! == 0, "nothing that waits");
        Assert.Equal(0, Interlocked.Read(ref _pending));
    }

    private MeterListener Listen(IMeterFactory meters)
    {
        var ours = meters.Create(OutboxMetrics.MeterName);
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, ours) && instrument.Name == "clustergrains.history.pending")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _pending, change));
        listener.Start();
        return listener;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
