using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>
/// What the start probe knows of the store, and whether it took the last PUT. Degraded at worst, never unhealthy: without
/// history runs and status go on.
/// </summary>
internal sealed class HistoryHealth(IOptions<HistoryOptions> options) : IHealthCheck
{
    private volatile Finding _finding = new(HealthStatus.Degraded, "not asked yet");
    private volatile Finding? _away;

    /// <summary>How messages call the store.</summary>
    public string Store => options.Value.Uri;

    public void Good() => _finding = new(HealthStatus.Healthy, "never overwrites an object");

    public void Overwrites() =>
        _finding = new(HealthStatus.Degraded, "ignores If-None-Match, so history could be overwritten; use another store");

    /// <summary>Until it is <see cref="Reached"/>, nothing else counts.</summary>
    public void Unreachable(string why) => _away = new(HealthStatus.Degraded, why);

    public void Reached() => _away = null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var finding = _away ?? _finding;
        return Task.FromResult(new HealthCheckResult(finding.Status, $"{Store}: {finding.Text}"));
    }

    private sealed record Finding(HealthStatus Status, string Text);
}
