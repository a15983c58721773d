using System.Collections.Immutable;

namespace ClusterGrains.History;

/// <summary>Numbers that were given before: to an epoch that is over, or before the storage was restored from an older copy.</summary>
/// <param name="Seq">The last number that is known to have been given.</param>
/// <param name="Days">See <see cref="Outbox.Days"/>.</param>
public sealed record FormerLine(string Uid, int Line, long Seq, ImmutableArray<NumberedDay> Days);
