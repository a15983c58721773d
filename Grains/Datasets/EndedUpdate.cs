namespace ClusterGrains.Datasets;

/// <summary>An update that ended, as the status remembers it.</summary>
/// <param name="Code">Why it was not promoted; empty when it was.</param>
/// <param name="Docs">Documents that the cluster took; of a kept index those it holds, as far as known.</param>
/// <param name="Rejected">Documents that nobody took.</param>
/// <param name="Key">Of its record in the history store.</param>
public sealed record EndedUpdate(
    string RunId,
    string Version,
    string Index,
    UpdateResult Result,
    string Code,
    long Docs,
    long Rejected,
    DateTimeOffset At,
    string Key);
