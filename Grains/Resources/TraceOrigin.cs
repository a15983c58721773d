using System.Diagnostics;

namespace ClusterGrains.Resources;

/// <summary>By which span, and when, something was asked for that is done later and elsewhere.</summary>
internal readonly record struct TraceOrigin(ActivityContext Span, DateTimeOffset At)
{
    /// <summary>Nothing where nobody traces.</summary>
    public static TraceOrigin Here(TimeProvider time) =>
        Activity.Current is { IsAllDataRequested: true } span ? new TraceOrigin(span.Context, time.GetUtcNow()) : default;

    /// <summary>A span that begins when it was asked for, so that the wait shows.</summary>
    public Activity? Start(ActivitySource source, string name) => this == default
        ? null
        : source.StartActivity(name, ActivityKind.Internal, Span, startTime: At);
}
