using System.Collections.Immutable;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>What a dataset's ledger promises to its readers.</summary>
internal static class DatasetLedgers
{
    public static DatasetFacts Facts(ResourceState<SearchDatasetWork> state)
    {
        var ledger = state.Work.Ledger;
        return new DatasetFacts(
            state.Accepted is { } accepted ? DatasetSpecs.Read(accepted.Spec, TimeSpan.Zero).Spec?.ClusterRef.Name : null,
            ledger.ClusterUuid,
            ledger.Claim?.Split('/', 2)[^1],
            state.Phase is ResourcePhase.Active ? Shows(ledger) : [],
            ledger.Candidate?.RunId,
            [.. state.Work.Recent.Select(ended => HistoryName.Parse(ended.Key)).OfType<HistoryName>()]);
    }

    /// <summary>
    /// What was left there; what somebody else put there, once that is known and reported; while the swap is under way what it
    /// begins and ends with.
    /// </summary>
    private static ImmutableArray<string> Shows(DatasetLedger ledger) => ledger switch
    {
        { Candidate: { Step: UpdateStep.Promote } candidate } => Both([candidate.Expected ?? "", candidate.Index], ledger.Drift),
        { Published: { } published } => Both([published.Index], ledger.Drift),
        _ => [],
    };

    private static ImmutableArray<string> Both(ImmutableArray<string> left, AliasDrift? drift) =>
        drift is null ? left : left.Add(drift.Shows.Replace(", ", ",", StringComparison.Ordinal));
}
