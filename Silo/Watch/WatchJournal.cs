using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Where one watch's log, metrics and health come together. Says a problem once, not at every retry.</summary>
internal sealed class WatchJournal(WatchTarget target, WatchHealth health, WatchMetrics metrics, ILogger logger)
{
    private readonly WatchState _began = health.Began(target);
    private string? _problem;

    public void Over() => health.Ended(target, _began);

    public void Heard() => health.Heard(target);

    public void Line() => health.Line(target);

    public void Listed(RelistCause cause, int objects, int changed, int missing)
    {
        health.Listed(target);
        metrics.Relisted(target.Kind, cause);
        logger.Listed(target, cause, objects, changed, missing);
    }

    public void PageExpired() => logger.PageExpired(target);

    public void Undecodable(ResourceKey? key, string problem)
    {
        metrics.Undecodable(target.Kind);
        logger.Undecodable(key, target, problem);
    }

    public void Ended(WatchEnd end, long lines)
    {
        metrics.Ended(target.Kind, end);
        logger.WatchEnded(target, end, lines);
    }

    public void Trouble(string problem)
    {
        health.Trouble(target, problem);
        if (problem == _problem)
        {
            logger.TroubleAgain(target, problem);
            return;
        }

        _problem = problem;
        logger.Trouble(target, problem);
    }

    public void Fine()
    {
        if (_problem is not null)
        {
            _problem = null;
            health.Trouble(target, null);
            logger.Recovered(target);
        }
    }

    public void LoopFailed(Exception failure) => logger.LoopFailed(failure, target);
}
