using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>
/// Has all resources counted in every silo: whichever is scraped tells of the whole fleet. A count that fails is
/// none; the one before stays, and its age tells.
/// </summary>
internal sealed class FleetCensus(FleetCounter counter, FleetMetrics metrics, TimeProvider time, ILogger<FleetCensus> logger)
    : SiloLoop("The count of the resources", time, logger)
{
    /// <summary>Reading 10,000 rows costs a few hundred milliseconds; nobody scrapes much more often than this.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, Time);
        do
        {
            await Round(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    internal Task Round(CancellationToken cancellationToken) =>
        Try(async token => metrics.Counted(await counter.Count(TimeSpan.Zero, token)), cancellationToken);
}
