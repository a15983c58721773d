using System.Diagnostics;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Spans of what is told to grains: the beginning of their traces. docs/telemetry.md.</summary>
internal static class WatchTraces
{
    public const string SourceName = "ClusterGrains.Watch";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>From the line of a live edit to the grain having understood it; what a list showed has no such line.</summary>
    /// <param name="waited">How long the delivery has waited in the queue; null when it is not of a live edit.</param>
    public static Activity? Deliver(Address address, Delivery delivery, TimeSpan? waited, TimeProvider time)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var began = waited is { } wait ? time.GetUtcNow() - wait : default;
        var span = Source.StartActivity(waited is null ? "relist" : "edit", ActivityKind.Consumer, default(ActivityContext), startTime: began);
        span.About(address.Kind, address.Key)?.SetTag("clustergrains.delivery", delivery.GetType().Name);
        if (delivery is Delivery.Observe(var manifest))
        {
            span?.SetTag("clustergrains.generation", manifest.Generation);
        }

        span?.AddEvent(new ActivityEvent("taken"));
        return span;
    }

    /// <summary>The sweep tells a grain what the relay should have.</summary>
    public static Activity? Repair(Difference drift) =>
        Source.StartActivity("repair", ActivityKind.Consumer).About(drift.Address.Kind, drift.Address.Key);
}
