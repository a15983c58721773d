using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClusterGrains.Hosting;

/// <summary>Only a silo that its cluster declared dead is healed by a restart; nothing outside this process is.</summary>
internal sealed class SiloLiveness(ISiloStatusOracle silo) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(silo.CurrentStatus == SiloStatus.Dead
            ? HealthCheckResult.Unhealthy("the other silos declared this one dead")
            : HealthCheckResult.Healthy());
}
