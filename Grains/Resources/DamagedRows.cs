using System.Collections.Concurrent;
using ClusterGrains.Status;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// Resources whose stored state no grain can work from. Nobody can refresh what their status shows, so it is turned Unknown
/// here, with the cure; the row itself is left alone.
/// </summary>
internal sealed class DamagedRows(
    IStateRows rows,
    IEnumerable<StateFormat> formats,
    IStatusApi status,
    IEventRecorder events,
    WatchdogMetrics metrics,
    TimeProvider time,
    ILogger<DamagedRows> logger)
{
    /// <summary>How often a row is looked at that is known to be damaged.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>When each is looked at again.</summary>
    private readonly ConcurrentDictionary<ResourceId, DateTimeOffset> _known = new();

    public int Count => _known.Count;

    public IEnumerable<ResourceId> All => _known.Keys;

    /// <summary>Whether it was looked at a moment ago, and nothing more is to be done before the next look.</summary>
    public bool Rests(ResourceId resource) => _known.TryGetValue(resource, out var next) && time.GetUtcNow() < next;

    /// <summary>A grain works from it: the row is whole again, or gone.</summary>
    public void Forget(ResourceId resource)
    {
        if (_known.TryRemove(resource, out _))
        {
            logger.StateReadable(resource);
            metrics.DamagedAre(Count);
        }
    }

    /// <summary>Whether its row is why the resource could not be woken. If so, that is told everywhere.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<bool> Explains(ResourceId resource, CancellationToken cancellationToken)
    {
        var format = formats.Single(one => one.Kind == resource.Kind);
        if (await Find(resource, cancellationToken) is not { } row || format.ProblemOf(row) is not { } problem)
        {
            return false;
        }

        if (_known.TryAdd(resource, DateTimeOffset.MinValue))
        {
            logger.StateUnreadable(resource, problem);
            metrics.DamagedAre(Count);
        }

        if (await Turn(resource, format, problem, cancellationToken))
        {
            _known[resource] = time.GetUtcNow() + Rest;
        }

        return true;
    }

    private async Task<StateRow?> Find(ResourceId resource, CancellationToken cancellationToken)
    {
        // No state has an empty name: the first row behind it is the grain's own, if it has one.
        var grain = resource.Grain.ToString();
        var page = await rows.Page(new StateKey(grain, ""), limit: 1, cancellationToken);
        return page is [var row] && row.Key.GrainId == grain ? row : null;
    }

    /// <summary>Bound to the version that was read. Its revision stays, so that the grain's next projection wins.</summary>
    /// <returns>False when it is to be tried again soon.</returns>
    private async Task<bool> Turn(ResourceId resource, StateFormat format, string problem, CancellationToken cancellationToken)
    {
        try
        {
            if (await status.Read(resource.Kind, resource.Key, cancellationToken) is not { } live
                || UnreadableStatus.Of(live.Status, format.Verdict, problem, time.GetUtcNow()) is not { } turned)
            {
                return true;
            }

            if (await status.Write(resource.Kind, resource.Key, live.Uid, live.ResourceVersion, turned, cancellationToken) is null)
            {
                return false;
            }

            events.Record(new ResourceEvent(resource.Kind, resource.Key, live.Uid, Warning: true, UnreadableStatus.Reason, problem));
            return true;
        }
        catch (DependencyException failure)
        {
            logger.NotTurned(resource, failure.Message);
            return false;
        }
    }
}
