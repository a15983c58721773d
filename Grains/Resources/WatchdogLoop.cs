using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>One of the watchdog's loops: goes on whatever fails on the way, and says so once.</summary>
/// <param name="work">What it is called in the log.</param>
internal abstract class WatchdogLoop(string work, ILogger logger) : SiloLoop
{
    private volatile bool _isFailing;

    /// <summary>Does one round of the work. Its trouble is said once until a round is without.</summary>
    /// <param name="round">Answers what is in its way; null when nothing is.</param>
    protected async Task Try(Func<CancellationToken, Task<string?>> round, CancellationToken cancellationToken)
    {
        try
        {
            Say(await round(cancellationToken));
        }
        catch (DependencyException failure)
        {
            Say(failure.Message);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
            {
                logger.WorkBroke(failure, work);
            }

            _isFailing = true;
        }
    }

    private void Say(string? problem)
    {
        if (problem is not null && !_isFailing)
        {
            logger.WorkFailed(work, problem);
        }
        else if (problem is null && _isFailing)
        {
            logger.WorkWorks(work);
        }

        _isFailing = problem is not null;
    }
}
