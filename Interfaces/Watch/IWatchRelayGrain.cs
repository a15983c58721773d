using System.Collections.Immutable;

namespace ClusterGrains.Watch;

/// <summary>Holds the right to watch: one in the whole cluster, key 0.</summary>
[Alias("ClusterGrains.IWatchRelayGrain")]
public interface IWatchRelayGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the relay runs somewhere.</summary>
    /// <returns>How each of its watches does; empty while it is only just beginning.</returns>
    [Alias("Nudge")]
    Task<ImmutableArray<WatchState>> Nudge(CancellationToken cancellationToken);
}
