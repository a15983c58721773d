using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Status;

/// <summary>
/// Shows the newest projection of one resource in the API server, off the grain's turn. Coalescing: a projection that
/// nobody began to write is replaced by the next one. Never reads the status back as state; the live revision only fences.
/// </summary>
internal sealed class StatusProjector(
    ResourceKind kind, ResourceKey key, IStatusApi api, IResourceGrain grain, IResourceReports reports,
    StatusPace pace, CancellationToken lifetime)
{
    private readonly Lock _gate = new();
    private Projection? _next;
    private TaskCompletionSource _offered = new();
    private bool _running;
    private LiveStatus? _live;
    private DateTimeOffset _writtenAt;

    /// <summary>What an earlier consistent read showed; spares the first one.</summary>
    public void Learn(LiveStatus live)
    {
        lock (_gate)
        {
            _live = _running ? _live : live;
        }
    }

    public void Offer(Projection projection)
    {
        lock (_gate)
        {
            _next = projection;
            _offered.TrySetResult();
            if (_running)
            {
                return;
            }

            _running = true;
        }

        _ = Task.Run(Write, CancellationToken.None);
    }

    private async Task Write()
    {
        var failures = 0;
        var span = StatusTraces.Showing();
        while (Take() is { } projection)
        {
            try
            {
                span.Try(kind, key, projection);
                var shown = await Show(projection);
                failures = shown is Shown.Conflict ? failures + 1 : 0;
                if (failures == 0)
                {
                    span.End(shown.ToString());
                }
            }
            catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                span.Failed(failure);
                Say(failure, isFirst: failures++ == 0);
            }

            if (failures > 0)
            {
                Return(projection);
                await pace.Wait(failures, _offered.Task, lifetime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        span.End("Left");
    }

    /// <summary>While the API server is away every resource comes by here: one line each, and no more until it is back.</summary>
    private void Say(Exception failure, bool isFirst)
    {
        if (failure is not DependencyException)
        {
            pace.Log.ShowingFailed(failure, key);
        }
        else if (isFirst)
        {
            pace.Log.NotShown(key, failure.Message);
        }
        else
        {
            pace.Log.NotShownAgain(key, failure.Message);
        }
    }

    private Projection? Take()
    {
        lock (_gate)
        {
            (var taken, _next) = (_next, null);
            _offered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running = taken is not null && !lifetime.IsCancellationRequested;
            return _running ? taken : null;
        }
    }

    private void Return(Projection projection)
    {
        lock (_gate)
        {
            _next ??= projection;
        }
    }

    private async Task<Shown> Show(Projection projection)
    {
        _live ??= await api.Read(kind, key, lifetime);
        if (_live is null || _live.Uid != projection.Uid)
        {
            _live = null;
            await grain.Vanished(deletedUid: null, lifetime);
            return Shown.Gone;
        }

        if (StatusFence.Of(_live.Status) is var (revision, line) && revision > projection.Revision)
        {
            _live = null;
            await reports.StatusAhead(revision, line, lifetime);
            return Shown.Ahead;
        }

        if (ResourceVersions.After(projection.ResourceVersion, _live.ResourceVersion))
        {
            // The user's edit moved the object on since our last write; its own version spares a conflict.
            _live = _live with { ResourceVersion = projection.ResourceVersion };
        }

        // Runs are a little early or late; without the slack every other refresh would be left out.
        var now = pace.Time.GetUtcNow();
        if (Projection.SameContent(_live.Status, projection.Document) && now - _writtenAt < projection.Refresh * 0.9)
        {
            return Shown.Already;
        }

        var version = await api.Write(kind, key, projection.Uid, _live.ResourceVersion, projection.Document, lifetime);
        _live = version is null ? null : new LiveStatus(projection.Uid, version, projection.Document);
        _writtenAt = version is null ? _writtenAt : now;
        return version is null ? Shown.Conflict : Shown.Written;
    }

    /// <summary>What became of one try.</summary>
    private enum Shown
    {
        Written,

        /// <summary>The live status says the same.</summary>
        Already,

        /// <summary>The object changed under us; the projection is still to be shown.</summary>
        Conflict,

        /// <summary>There is no such object any more; the grain was told.</summary>
        Gone,

        /// <summary>The live status is of a later state than the grain's; the grain was told.</summary>
        Ahead,
    }
}
