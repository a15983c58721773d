using System.Diagnostics;
using ClusterGrains.Resources;

namespace ClusterGrains.History;

/// <summary>Spans of records on their way to the store. docs/telemetry.md.</summary>
internal static class HistoryTraces
{
    public const string SourceName = "ClusterGrains.History";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>What one offer holds, from its being offered to its being in the store.</summary>
    public static PatientSpan Delivery() => new(Source, "history");

    /// <summary>One PUT, the wait for its turn included.</summary>
    public static Activity? Put(string key) => Source.StartActivity("history put", ActivityKind.Client)?.SetTag("clustergrains.key", key);

    public static void Stored(this Activity? put, PutOutcome outcome) => put?.SetTag("clustergrains.outcome", outcome.ToString());
}
