using ClusterGrains.Watch;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>
/// Ready once all resources have been listed: by the relay, in whichever silo it lives, or without one by this silo's sweep.
/// What goes wrong later is told but changes nothing: checks and history go on without the API server, and no other pod would
/// reach it better.
/// </summary>
internal sealed class RelayHealth(
    WatchHealth watch, SweepHealth sweep, WatchOptions watchOptions, IOptions<SweepOptions> options, TimeProvider time)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(options.Value.Relay ? OfRelay() : OfSweepAlone());

    private HealthCheckResult OfRelay()
    {
        if (watch.RelayAnswered is not { } answered)
        {
            return HealthCheckResult.Unhealthy("the watch relay has not answered yet");
        }

        var watches = watch.Watches;
        if (watches.IsEmpty)
        {
            return HealthCheckResult.Unhealthy("the watch relay is only just beginning");
        }

        if (watches.Any(state => state.LastList is null))
        {
            return HealthCheckResult.Unhealthy(
                string.Join("; ", watches.Where(state => state.LastList is null).Select(state => Words(state, "not listed yet"))));
        }

        var silence = time.GetUtcNow() - answered;
        string[] deaf = silence > watchOptions.DeafAfter ? [$"the watch relay has not answered for {silence.TotalSeconds:0} s"] : [];
        return Told([.. deaf, .. watches.Where(state => state.Problem is not null).Select(state => Words(state, "")), .. Sweeps()]);
    }

    private HealthCheckResult OfSweepAlone() => sweep.HasComparedAll
        ? Told([.. Sweeps()])
        : HealthCheckResult.Unhealthy(string.Join("; ", Sweeps().DefaultIfEmpty("the first sweep is not done yet")));

    private IEnumerable<string> Sweeps() => sweep.Problems.Select(problem => $"the last sweep: {problem}");

    private static HealthCheckResult Told(string[] problems) =>
        problems.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", problems));

    private static string Words(WatchState state, string otherwise) =>
        $"{state.Kind} in {state.Namespace ?? "all namespaces"}: {state.Problem ?? otherwise}";
}
