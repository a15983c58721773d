using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>
/// Lists, then watches, for ever: resumes where a watch ended, lists anew when the server has forgotten that place, and
/// waits longer the longer nothing works.
/// </summary>
internal sealed class WatchLoop(
    WatchTarget target,
    WatchList list,
    WatchStream stream,
    WatchOptions options,
    TimeProvider time,
    WatchJournal journal)
{
    private readonly Backoff _backoff = new();
    private RelistCause _cause = RelistCause.Start;

    public async Task Run(CancellationToken cancellationToken)
    {
        string? version = null;
        try
        {
            while (true)
            {
                version = await Step(version, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The relay leaves.
        }
        finally
        {
            journal.Over();
        }
    }

    private async Task<string?> Step(string? version, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var step = await Try(version, cancellationToken);
        if (step.Lines > 0)
        {
            _backoff.Reset();
        }

        if (step.Failure is null)
        {
            journal.Fine();
            var closedAtOnce = version is not null && step.Lines == 0 && time.GetElapsedTime(started) < Backoff.First;
            if (closedAtOnce)
            {
                await Task.Delay(_backoff.Next(), time, cancellationToken);
            }

            return step.Version;
        }

        return await Recover(step, step.Failure, cancellationToken);
    }

    private async Task<string?> Recover(WatchStep step, ApiFailure failure, CancellationToken cancellationToken)
    {
        var version = step.Version;

        // The first expiry is everyday life; only one after the other is trouble.
        var first = _backoff.Failures == 0;
        var wait = _backoff.Next(failure.RetryAfter);
        if (failure.IsExpired && first)
        {
            _cause = RelistCause.Expired;
            return null;
        }

        journal.Trouble(failure.Explain(version is null ? "list" : "watch", target.Collection));
        await Task.Delay(wait, time, cancellationToken);
        if (failure.IsExpired)
        {
            _cause = RelistCause.Expired;
            return null;
        }

        if (version is not null && (step.IsMute || _backoff.Failures >= options.ResumeAttempts))
        {
            // Perhaps it is the place that cannot be resumed: after a restore of etcd it may lie in the future, where nothing
            // happens yet, not even a bookmark.
            _cause = RelistCause.Stuck;
            return null;
        }

        return version;
    }

    private async Task<WatchStep> Try(string? version, CancellationToken cancellationToken)
    {
        try
        {
            return version is null
                ? await list.Run(_cause, cancellationToken)
                : await stream.Follow(version, cancellationToken);
        }
        catch (DependencyException failure)
        {
            return new WatchStep(version, ApiFailure.Unreachable(failure.Message));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A defect of ours must not end the watch for good. Listing anew forgets whatever led to it.
            journal.LoopFailed(failure);
            return new WatchStep(null, ApiFailure.Unreachable(failure.Message));
        }
    }
}
