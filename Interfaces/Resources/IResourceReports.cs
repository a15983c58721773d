using System.Collections.Immutable;
using ClusterGrains.History;

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

    /// <summary>An audit compared the history with this resource's numbers.</summary>
    /// <param name="uid">The epoch that was audited; another one is not concerned.</param>
    /// <param name="missing">What is neither stored nor explained; null for nothing.</param>
    [Alias("Audited")]
    Task Audited(string uid, MissingRecords? missing, CancellationToken cancellationToken);
}
