using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClusterGrains.History;

/// <summary>What the audits say. Degraded at worst: nothing that runs depends on them.</summary>
internal sealed class HistoryAuditHealth(HistoryAuditMetrics audits) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(audits.News switch
        {
            { Failure: { } failure } => HealthCheckResult.Degraded($"the history cannot be audited: {failure}"),
            { Missing: > 0 } news => HealthCheckResult.Degraded(
                $"{news.Missing} records of {news.Resources} resources are missing from the history; docs/history.md#audit says what to do"),
            { Unread: > 0 } news => HealthCheckResult.Degraded(
                $"the history of {news.Unread} resources was not audited: their stored states cannot be read"),
            _ => HealthCheckResult.Healthy(),
        });
}
