using System.Threading.Channels;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>The feed of one watch. A reader that falls too far behind is ended, as a real server does.</summary>
/// <param name="from">
/// What the reader has already seen. When that lies in the future, because an older copy of the server's data came back, a real
/// server sends nothing until it has caught up.
/// </param>
internal sealed class Subscription(ResourceDefinition definition, long since, long from)
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
        if (!_isSilent && !IsBehind(item) && !_items.Writer.TryWrite(item))
        {
            End();
        }
    }

    private bool IsBehind(FeedItem item) => item switch
    {
        FeedItem.Change { Event: var change } => change.Revision <= from,
        FeedItem.Progress { Revision: var revision } => revision < from,
        _ => false,
    };

    public void Silence() => _isSilent = true;

    public void End() => _items.Writer.TryComplete();
}
