namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Something is not as it must be, whatever happened before.</summary>
internal sealed class InvariantException(IReadOnlyList<string> violations) : Exception(
    $"{violations.Count} invariants are violated:\n  {string.Join("\n  ", violations.Take(MaxShown))}")
{
    private const int MaxShown = 20;
}
