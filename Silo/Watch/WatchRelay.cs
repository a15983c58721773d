using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Watch;

/// <summary>
/// Everything behind one right to watch: a loop per kind and scope, and the queue they share. Two relays at once tell the
/// grains everything twice, which changes nothing.
/// </summary>
internal sealed class WatchRelay(
    WatchTargets targets,
    WatchOptions options,
    TimeProvider time,
    WatchHealth health,
    IServiceProvider services)
{
    private long _since = time.GetTimestamp();

    /// <summary>How long the API server has said nothing at all, not even no.</summary>
    public TimeSpan Silence
    {
        get
        {
            var running = time.GetElapsedTime(Volatile.Read(ref _since));
            var last = health.Here.Max(watch => watch.LastAnswer);
            var silence = last is null ? running : time.GetUtcNow() - last.Value;
            return silence < running ? silence : running;
        }
    }

    /// <summary>Watches until cancelled; throws nothing.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _since, time.GetTimestamp());
        var logger = services.GetRequiredService<ILogger<WatchRelay>>();
        logger.RelayStarted(string.Join("; ", targets.All));
        var queue = ActivatorUtilities.CreateInstance<DeliveryQueue>(services);
        var loops = targets.All.Select(target => Loop(target, queue, logger).Run(cancellationToken));
        await Task.WhenAll([queue.Run(cancellationToken), .. loops])
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        logger.RelayStopped();
    }

    private WatchLoop Loop(WatchTarget target, DeliveryQueue queue, ILogger logger)
    {
        var connection = services.GetRequiredService<KubernetesConnection>();
        var index = services.GetRequiredService<IResourceIndex>();
        var journal = new WatchJournal(target, health, services.GetRequiredService<WatchMetrics>(), logger);
        return new WatchLoop(
            target,
            new WatchList(target, services.GetRequiredService<ListPages>(), index, queue, journal),
            new WatchStream(target, connection, queue, options, time, journal),
            options,
            time,
            journal);
    }
}
