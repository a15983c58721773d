using System.Diagnostics.Metrics;

namespace ClusterGrains.Hosting;

/// <summary>This process, and how many like it there are. Told from the start of the silo on.</summary>
internal sealed class SiloMetrics(IMeterFactory meters, ISiloStatusOracle silos, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeSeconds();

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloMetrics),
        ServiceLifecycleStage.First,
        _ =>
        {
            Tell(meters.Create(CertificateMetrics.MeterName));
            return Task.CompletedTask;
        });

    private void Tell(Meter meter)
    {
        meter.CreateObservableGauge(
            "clustergrains.process.start", () => _startedAt, "s", "When this process began, in seconds since 1970; another number is a restart.");
        meter.CreateObservableGauge(
            "clustergrains.silos",
            () => silos.GetApproximateSiloStatuses(onlyActive: true).Count,
            "{silo}",
            "Silos that are active, as this one's membership sees it.");
    }
}
