using System.Diagnostics;

namespace ClusterGrains.Resources;

/// <summary>Spans of what every kind has in common. docs/telemetry.md lists them.</summary>
internal static class ResourceTraces
{
    public const string SourceName = "ClusterGrains.Resources";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A tick of the reminder: the beginning of a trace, whoever registered the reminder.</summary>
    public static Activity? Tick(ResourceKind kind, ResourceKey key)
    {
        Traces.Leave();
        return Source.StartActivity("tick", ActivityKind.Consumer).About(kind, key);
    }

    /// <summary>The watchdog wakes a resource: the beginning of a trace.</summary>
    public static Activity? Wake(ResourceKind kind, ResourceKey key)
    {
        Traces.Leave();
        return Source.StartActivity("wake", ActivityKind.Consumer).About(kind, key);
    }

    /// <summary>A run from its start to the answer to its report, off the turn that began it.</summary>
    public static Activity? Run(ResourceKind kind, ResourceKey key, OpenRun run) => Source.StartActivity("run").About(kind, key)?
        .SetTag("clustergrains.run", run.RunId)
        .SetTag("clustergrains.attempt", run.Attempt);

    /// <summary>The run has its place among those that the silo works on at once.</summary>
    public static void Admitted(this Activity? run) => run?.AddEvent(new ActivityEvent("admitted"));
}
