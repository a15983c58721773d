namespace ClusterGrains.Verification;

/// <summary>Something that must never be, and was seen.</summary>
/// <param name="Invariant">Which promise is broken; see docs/operating.md.</param>
/// <param name="Resource">Whose, for example <c>SearchCluster prod/logs</c>.</param>
/// <param name="What">Which part of it. The same in every look that finds the same violation.</param>
/// <param name="Where">Where a person looks next.</param>
public sealed record Violation(string Invariant, string Resource, string What, string Expected, string Seen, string Where)
{
    /// <summary>What tells this violation from others, over several looks.</summary>
    public (string Invariant, string Resource, string What) Id => (Invariant, Resource, What);

    public override string ToString() => $"{Invariant}: {Resource}, {What}: expected {Expected}, seen {Seen}. Look at {Where}";
}

/// <summary>Something that nobody could look at, so that nothing is known of it. Not a violation.</summary>
/// <param name="Dependency">Who did not answer.</param>
/// <param name="Why">What was in the way, and the cure.</param>
public sealed record Unseen(Dependency Dependency, string What, string Why)
{
    public override string ToString() => $"{What} could not be looked at: {Why}";
}
