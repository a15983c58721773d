using System.Diagnostics;
using ClusterGrains.Resources;

namespace ClusterGrains.Status;

/// <summary>The span of a status from its being offered to its being shown. docs/telemetry.md.</summary>
internal static class StatusTraces
{
    public const string SourceName = "ClusterGrains.Status";

    private static readonly ActivitySource Source = new(SourceName);

    public static PatientSpan Showing() => new(Source, "status");

    public static void Try(this PatientSpan showing, ResourceKind kind, ResourceKey key, Projection projection) =>
        showing.Try(projection.Origin).About(kind, key)?.SetTag("clustergrains.revision", projection.Revision);
}
