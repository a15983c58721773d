using ClusterGrains.Resources;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>The SearchCluster of a pretend cluster.</summary>
internal static class SearchClusterManifest
{
    public static object Of(PretendCluster cluster, TimeSpan interval) => new
    {
        apiVersion = ResourceKind.ApiVersion,
        kind = "SearchCluster",
        metadata = new { name = cluster.Name, labels = new { engine = cluster.Engine.Name } },
        spec = new
        {
            endpoints = new[] { cluster.Url.GetLeftPart(UriPartial.Authority) },
            schedule = new { interval = Durations.Format(interval) },
        },
    };
}
