using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Where a loop stands after a list or a watch.</summary>
/// <param name="Version">The resourceVersion to watch from; null when a list is needed.</param>
/// <param name="Failure">Null when it ended as it should.</param>
/// <param name="Lines">What a watch brought before it ended: lines that led it on, not errors or rubbish.</param>
internal readonly record struct WatchStep(string? Version, ApiFailure? Failure, long Lines = 0)
{
    /// <summary>A watch that was granted, and then brought nothing at all until it was given up.</summary>
    public bool IsMute { get; init; }
}
