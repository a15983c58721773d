using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>One dataset: a source folder whose newest good version is what an alias shows.</summary>
[Alias("ClusterGrains.ISearchDatasetGrain")]
public interface ISearchDatasetGrain : IResourceGrain
{
    /// <summary>Stores where the open run is. Returned once the state holds it.</summary>
    /// <returns>
    /// False: this is not the open run, or what it works from has changed (another spec or annotation, suspended). The run
    /// then touches nothing more and ends by <see cref="Complete"/>; the next one goes on from what is stored.
    /// </returns>
    [Alias("Checkpoint")]
    Task<bool> Checkpoint(string runId, int attempt, RunReport report, CancellationToken cancellationToken);

    /// <summary>The run ended. Anything but the pair of the open run is ignored.</summary>
    [Alias("Complete")]
    Task Complete(string runId, int attempt, RunReport report, CancellationToken cancellationToken);
}

/// <summary>What a run leaves to its successor, and the version whose update ended with it.</summary>
/// <param name="Ledger">Replaces the stored one.</param>
/// <param name="Ended">Becomes the one <c>update</c> record of that version, in the same write; null for none.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.RunReport")]
public sealed record RunReport(
    [property: Id(0)] DatasetLedger Ledger,
    [property: Id(1)] UpdateEnd? Ended = null);
