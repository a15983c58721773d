using System.Collections.Immutable;

namespace ClusterGrains.Resources;

/// <summary>What a resource grain's own work, which runs off its turn, reports back to it.</summary>
[Alias("ClusterGrains.IResourceReports")]
public interface IResourceReports : IGrainWithStringKey
{
    /// <summary>A round of history deliveries ended.</summary>
    /// <param name="keys">The objects that are in the store now.</param>
    /// <param name="failure">Why the round stopped early; null when it did not.</param>
    [Alias("Delivered")]
    Task Delivered(ImmutableArray<string> keys, string? failure, CancellationToken cancellationToken);

    /// <summary>
    /// The live status bears a higher revision than the one that was to be written: either another activation wrote
    /// since, or the store was restored from an older copy.
    /// </summary>
    [Alias("StatusAhead")]
    Task StatusAhead(long liveRevision, int liveLine, CancellationToken cancellationToken);
}
