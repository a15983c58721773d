using System.Collections.Immutable;

namespace ClusterGrains.History;

/// <summary>The update of one version as its record tells it. Numbers and durations are the record's metrics.</summary>
/// <param name="Kind">How it came to be: <c>Load</c>, <c>Reload</c> (pinned) or <c>Switch</c> (to a kept index).</param>
/// <param name="Fingerprint">Digest of the names, ETags and sizes of its files, marker included.</param>
/// <param name="IndexUuid">Null when the index was never created.</param>
/// <param name="Step">The step in which it ended.</param>
/// <param name="Code">Why it was not promoted, from the closed list in docs/findings.md; null when it was.</param>
/// <param name="Message">What was seen, with numbers; null when it was promoted.</param>
/// <param name="Replaced">The index that the alias showed before; null when none, or when it was not touched.</param>
/// <param name="Pruned">Indices that were deleted after the promotion.</param>
public sealed record HistoryUpdate(
    string Kind,
    string Version,
    string Fingerprint,
    string Index,
    string? IndexUuid,
    string Step,
    string? Code,
    string? Message,
    string? Replaced,
    ImmutableArray<string> Pruned);
