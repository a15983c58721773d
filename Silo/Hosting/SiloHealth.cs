using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClusterGrains.Hosting;

/// <summary>Ready once the silo has joined its cluster.</summary>
internal sealed class SiloHealth(ISiloStatusOracle silo) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(silo.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"the silo is {silo.CurrentStatus}, not yet Active"));
}
