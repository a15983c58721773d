using System.Diagnostics;

namespace ClusterGrains.Watch;

/// <summary>Tells the resource's grain.</summary>
internal static class GrainDelivery
{
    public static Deliver To(IGrainFactory grains) => (address, delivery, cancellationToken) =>
    {
        var grain = address.Kind.Grain(grains, address.Key);
        return delivery switch
        {
            Delivery.Observe(var manifest) => grain.Observe(manifest, cancellationToken),
            Delivery.Deleted(var uid) => grain.Vanished(uid, cancellationToken),
            Delivery.Ask => grain.Vanished(null, cancellationToken),
            _ => throw new UnreachableException($"{delivery} is no delivery."),
        };
    };
}
