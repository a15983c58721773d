using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// Looks for late resources every few seconds, in every silo, and wakes them: their grains see to their reminders and catch
/// up. Needs neither reminders nor the API server, so that nothing of those two is silent for long.
/// </summary>
internal sealed class Watchdog(WatchdogContext context, DamagedRows damaged, ILogger<Watchdog> logger)
    : SiloLoop("The look for late resources", context.Time, logger)
{
    /// <returns>What kept it from waking them all; null when it did.</returns>
    public async Task<string?> Round(CancellationToken cancellationToken)
    {
        // The rows that stay late, because no grain can read them, must not crowd out the others.
        var limit = context.Options.MaxLate + damaged.Count;
        var rows = await context.Index.ListLate(context.Time.GetUtcNow(), limit, cancellationToken);
        context.Metrics.Found(rows.Count(row => row.Phase != nameof(ResourcePhase.Retired)));
        var failures = await context.Waker.Wake(context.Waker.Resources(rows).Union(damaged.All), cancellationToken);

        // All were tried. Who could not be woken is counted apart: one of them must not look like a watchdog that stands.
        context.Metrics.RoundEnded();
        return failures.Problem;
    }

    protected override async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(context.Options.Period, context.Time);
        do
        {
            await Try(Round, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
