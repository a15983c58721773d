using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>One thing to tell a resource's grain.</summary>
internal abstract record Delivery
{
    /// <summary>
    /// What is left to say when <paramref name="newer"/> comes before <paramref name="older"/> was said: the newer, since
    /// the grain is level-triggered. No effect is lost, because the grain reads consistently in both doubtful cases: a
    /// manifest of another uid makes it find out about the old one, and a delete that overtakes anything is turned into the
    /// question what is there, since the grain may never have heard of the epoch that ended.
    /// </summary>
    public static Delivery Merge(Delivery older, Delivery newer) => newer switch
    {
        Deleted => new Ask(),
        _ => newer,
    };

    /// <summary>A manifest to observe.</summary>
    public sealed record Observe(Manifest Manifest) : Delivery;

    /// <summary>A DELETED event.</summary>
    public sealed record Deleted(string Uid) : Delivery;

    /// <summary>The resource seems to be missing; the grain finds out.</summary>
    public sealed record Ask : Delivery;
}

/// <summary>Tells a resource's grain; returns when it has understood.</summary>
internal delegate Task Deliver(Address address, Delivery delivery, CancellationToken cancellationToken);
