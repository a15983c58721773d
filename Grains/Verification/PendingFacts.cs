using System.Collections.Immutable;
using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>A record that waits in an outbox.</summary>
/// <param name="Name">As its key tells.</param>
/// <param name="Missing">What it explains, if it is a gap.</param>
internal sealed record PendingFacts(HistoryName Name, ImmutableArray<SeqRange> Missing);
