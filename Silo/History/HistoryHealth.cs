using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>
/// What the start probe knows of the store. Degraded at worst, never unhealthy: without history runs and status go on.
/// </summary>
internal sealed class HistoryHealth(IOptions<HistoryOptions> options) : IHealthCheck
{
    private volatile Finding _finding = new(HealthStatus.Degraded, "not asked yet");

    /// <summary>How messages call the store.</summary>
    public string Store => options.Value.Uri;

    public void Good() => _finding = new(HealthStatus.Healthy, "never overwrites an object");

    public void Overwrites() =>
        _finding = new(HealthStatus.Degraded, "ignores If-None-Match, so history could be overwritten; use another store");

    public void Unreachable(string why) => _finding = new(HealthStatus.Degraded, why);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var finding = _finding;
        return Task.FromResult(new HealthCheckResult(finding.Status, $"{Store}: {finding.Text}"));
    }

    private sealed record Finding(HealthStatus Status, string Text);
}
