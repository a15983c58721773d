namespace ClusterGrains.History;

/// <summary>
/// Finds out in the background, once per start, whether the store keeps our promise: that nothing is ever overwritten.
/// </summary>
internal sealed class HistoryProbe(
    IHistoryStore store, HistoryHealth health, TimeProvider time, ILogger<HistoryProbe> logger) : BackgroundService
{
    internal const string FormatKey = "v1/_meta/format.json";
    internal const string ProbeKey = "v1/_meta/probe";

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastDelay = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LastDelay ? delay * 2 : LastDelay)
        {
            try
            {
                await Probe(stoppingToken);
                health.Reached();
                return;
            }
            catch (DependencyException failure)
            {
                health.Unreachable(failure.Message);
                logger.StoreNotReady(failure, health.Store, delay);
                await Task.Delay(delay, time, stoppingToken);
            }
        }
    }

    /// <exception cref="DependencyException">The store cannot be asked now.</exception>
    private async Task Probe(CancellationToken cancellationToken)
    {
        if (await store.Put(FormatKey, "{\"layout\":1,\"createdBy\":\"clustergrains\"}\n"u8.ToArray(), cancellationToken)
            is PutOutcome.Different)
        {
            logger.LayoutDiffers(health.Store, FormatKey);
        }

        var probe = "Created twice at every start: the second time must fail.\n"u8.ToArray();
        await store.Put(ProbeKey, probe, cancellationToken);
        if (await store.Put(ProbeKey, probe, cancellationToken) is PutOutcome.Created)
        {
            health.Overwrites();
            logger.StoreOverwrites(health.Store);
            return;
        }

        health.Good();
        logger.StoreReady(health.Store);
    }
}
