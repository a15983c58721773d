namespace ClusterGrains.Watch;

/// <summary>Holds the right to watch: one in the whole cluster, key 0.</summary>
[Alias("ClusterGrains.IWatchRelayGrain")]
public interface IWatchRelayGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the relay runs somewhere.</summary>
    [Alias("Nudge")]
    Task Nudge(CancellationToken cancellationToken);
}
