using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>One resource as the API server shows it.</summary>
/// <param name="Status">JSON, UTF-8, as compact as we write it; empty when there is none.</param>
internal sealed record LiveFacts(ResourceId Resource, string Uid, long Revision, ReadOnlyMemory<byte> Status)
{
    /// <summary>What users wrote; null when it cannot be read.</summary>
    public Stamp? Stamp { get; init; }
}

/// <summary>One row of the reminder table.</summary>
/// <param name="Resource">Null for a grain of no kind of ours.</param>
internal sealed record ReminderFacts(string Grain, ResourceId? Resource, string Name, TimeSpan Period);

/// <summary>What an alias shows.</summary>
/// <param name="Shows">Names of indices in order, joined by commas; empty for nothing.</param>
/// <param name="WriteIndices">How many of them take writes; null when the cluster did not say.</param>
/// <param name="IsIndex">An index bears the name.</param>
internal sealed record AliasFacts(string Shows, int? WriteIndices, bool IsIndex);
