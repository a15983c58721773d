using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>
/// Counts all resources from the index, in every silo: whichever is scraped tells of the whole fleet. A count that fails is
/// none; the one before stays, and its age tells.
/// </summary>
internal sealed class FleetCensus(
    IResourceIndex index, IEnumerable<ResourceKind> kinds, FleetMetrics metrics, TimeProvider time, ILogger<FleetCensus> logger)
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
        Try(async token => metrics.Counted(await Count(token)), cancellationToken);

    private async Task<FleetCount> Count(CancellationToken cancellationToken)
    {
        var count = new FleetCount();
        foreach (var kind in kinds)
        {
            var now = Time.GetUtcNow();
            foreach (var row in (await index.List(kind.Name, cancellationToken)).Where(FleetPage.IsShown))
            {
                var item = FleetItem.From(row, now);
                count.Add(kind.Name, row.Phase, (string?)item["verdict"], (string?)item["reason"]);
            }
        }

        return count;
    }
}
