using System.Threading.Channels;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>The feed of one watch. A reader that falls too far behind is ended, as a real server does.</summary>
internal sealed class Subscription(ResourceDefinition definition, long since)
{
    private const int Capacity = 20_000;

    private readonly Channel<FeedItem> _items = Channel.CreateBounded<FeedItem>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    private volatile bool _isSilent;

    public ResourceDefinition Definition => definition;

    /// <summary>The revision at the moment the feed began.</summary>
    public long Since => since;

    /// <summary>Nothing is sent any more, not even an end: what a dead connection looks like.</summary>
    public bool IsSilent => _isSilent;

    public ChannelReader<FeedItem> Items => _items.Reader;

    public void Offer(FeedItem item)
    {
        if (!_isSilent && !_items.Writer.TryWrite(item))
        {
            End();
        }
    }

    public void Silence() => _isSilent = true;

    public void End() => _items.Writer.TryComplete();
}
