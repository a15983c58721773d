namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>What a watch is told: a change, how far it has come, or a line put in to test its reader.</summary>
internal abstract record FeedItem
{
    public sealed record Change(StoreEvent Event) : FeedItem;

    public sealed record Progress(long Revision) : FeedItem;

    public sealed record Raw(byte[] Line) : FeedItem;
}
