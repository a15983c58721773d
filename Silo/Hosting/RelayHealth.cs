using ClusterGrains.Watch;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClusterGrains.Hosting;

/// <summary>
/// Ready once every watch has listed its resources. What goes wrong later is told but changes nothing: checks and history
/// go on without the API server, and no other pod would reach it better.
/// </summary>
internal sealed class RelayHealth(WatchHealth watch) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var watches = watch.Watches;
        if (watch.RelayAnswered is null)
        {
            return Told(HealthCheckResult.Unhealthy("the watch relay has not answered yet"));
        }

        if (watches.Where(state => state.LastList is null).ToArray() is { Length: > 0 } unlisted)
        {
            return Told(HealthCheckResult.Unhealthy(Words(unlisted, "not listed yet")));
        }

        var troubled = watches.Where(state => state.Problem is not null).ToArray();
        return Told(troubled.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(Words(troubled, "")));
    }

    private static string Words(IEnumerable<WatchState> watches, string otherwise) => string.Join(
        "; ",
        watches.Select(state => $"{state.Kind} in {state.Namespace ?? "all namespaces"}: {state.Problem ?? otherwise}"));

    private static Task<HealthCheckResult> Told(HealthCheckResult result) => Task.FromResult(result);
}
