namespace ClusterGrains.Watch;

/// <summary>Where the sweep's log, metrics and health come together.</summary>
internal sealed class SweepJournal(
    SweepHealth health, SweepMetrics metrics, WatchMetrics watchMetrics, ILogger<SweepJournal> logger)
{
    public void Compared(WatchTarget target) => health.Compared(target);

    public void Undecodable(WatchTarget target, ListedItem item)
    {
        watchMetrics.Undecodable(target.Kind);
        logger.Undecodable(item.Key, target, item.Problem!);
    }

    public void Repaired(WatchTarget target, Difference drift, bool isSaid)
    {
        metrics.Repaired(target.Kind, drift.Drift);
        if (isSaid)
        {
            logger.Drifted(drift.Address, drift.Words);
        }
    }

    /// <param name="unsaid">How many repairs were passed over in the log.</param>
    public void Repaired(WatchTarget target, int unsaid)
    {
        if (unsaid > 0)
        {
            logger.MoreDrifted(target, unsaid);
        }
    }

    public void NotRepaired(WatchTarget target, Difference drift) => metrics.NotRepaired(target.Kind, drift.Drift);

    /// <param name="problem">Null when everything agrees now.</param>
    public void Swept(WatchTarget target, string? problem, TimeSpan elapsed)
    {
        health.Swept(target, problem);
        metrics.Swept(target.Kind, problem is null, elapsed);
        if (problem is not null)
        {
            logger.SweepFailed(target, problem);
        }
    }

    public void FailedUnexpectedly(WatchTarget target, Exception failure) => logger.SweepBroke(failure, target);
}
