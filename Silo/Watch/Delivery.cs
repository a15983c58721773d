using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>One thing to tell a resource's grain.</summary>
internal abstract record Delivery
{
    /// <summary>The epoch this is about; null when about none in particular.</summary>
    public abstract string? Uid { get; }

    /// <summary>
    /// What is left to say when <paramref name="newer"/> comes before <paramref name="older"/> was said: the newer, since
    /// the grain is level-triggered. Two effects survive that rule because the grain reads consistently in both cases:
    /// a manifest of another uid makes it find out about the old one, and a delete of an epoch it may never have heard of
    /// is turned into the question whether anything is there.
    /// </summary>
    public static Delivery Merge(Delivery older, Delivery newer) => newer switch
    {
        Wake => older,
        Deleted when newer.Uid != older.Uid => new Ask(),
        _ => newer,
    };

    /// <summary>A manifest to observe.</summary>
    public sealed record Observe(Manifest Manifest) : Delivery
    {
        public override string Uid => Manifest.Uid;
    }

    /// <summary>A DELETED event.</summary>
    public sealed record Deleted(string DeletedUid) : Delivery
    {
        public override string Uid => DeletedUid;
    }

    /// <summary>The resource seems to be missing; the grain finds out.</summary>
    public sealed record Ask : Delivery
    {
        public override string? Uid => null;
    }

    /// <summary>The grain has something of its own to do.</summary>
    public sealed record Wake : Delivery
    {
        public override string? Uid => null;
    }
}

/// <summary>Tells a resource's grain; returns when it has understood.</summary>
internal delegate Task Deliver(Address address, Delivery delivery, CancellationToken cancellationToken);
