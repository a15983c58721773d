using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults;

/// <summary>What crash points need of a resource's state, whichever kind it is of.</summary>
/// <param name="Manifest">Its resourceVersion.</param>
/// <param name="Interrupted">Whether the last run that ended was interrupted.</param>
/// <param name="Ledger">Of a dataset; null for the others.</param>
internal sealed record StateFacts(
    ResourcePhase Phase, string Uid, string? Manifest, OpenRun? Run, bool Interrupted, DatasetLedger? Ledger)
{
    private static readonly StateFacts Nothing = new(ResourcePhase.None, "", null, null, false, null);

    /// <summary>Null for something that is no resource.</summary>
    public static StateFacts? Of(object? state) => state switch
    {
        ResourceState<SearchClusterWork> cluster => Of(cluster, ledger: null),
        ResourceState<SearchDatasetWork> dataset => Of(dataset, dataset.Work.Ledger),
        _ => null,
    };

    /// <summary>What was there before the first write.</summary>
    public StateFacts Before() => Nothing with { Ledger = Ledger is null ? null : new DatasetLedger() };

    private static StateFacts Of<TWork>(ResourceState<TWork> state, DatasetLedger? ledger)
        where TWork : class, new() => new(
            state.Phase,
            state.Uid,
            state.Manifest?.ResourceVersion,
            state.Run,
            state.LastRun?.Outcome is RunOutcome.Interrupted,
            ledger);
}
