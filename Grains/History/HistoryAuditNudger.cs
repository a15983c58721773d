using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>Every silo asks for the audit again and again, whichever silo does it, and so knows how long ago the last one was.</summary>
internal sealed class HistoryAuditNudger(
    IGrainFactory grains,
    HistoryAuditMetrics metrics,
    IOptions<HistoryAuditOptions> options,
    TimeProvider time,
    ILogger<HistoryAuditNudger> logger)
    : SiloLoop("The question for the audit of the history", time, logger)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    protected override async Task Run(CancellationToken cancellationToken)
    {
        var interval = options.Value.AuditInterval;
        if (interval == TimeSpan.Zero)
        {
            return;
        }

        var period = interval / 10 < Longest ? interval / 10 : Longest;
        var audit = grains.GetGrain<IHistoryAuditGrain>(0);
        metrics.Asks();
        using var timer = new PeriodicTimer(period, Time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                metrics.Heard(await audit.Nudge(cancellationToken));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                metrics.HeardNothing(failure.Message);
                logger.AuditSilent(failure, period);
            }
        }
    }
}
