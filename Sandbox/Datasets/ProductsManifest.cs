using ClusterGrains.Resources;

namespace ClusterGrains.Sandbox.Datasets;

/// <summary>The SearchDataset that every sandbox begins with.</summary>
internal static class ProductsManifest
{
    public const string Name = "products";

    /// <param name="cluster">Name of the SearchCluster that holds it.</param>
    /// <param name="folder">Where its versions appear.</param>
    public static object Of(string cluster, string folder, TimeSpan interval) => new
    {
        apiVersion = ResourceKind.ApiVersion,
        kind = "SearchDataset",
        metadata = new { name = Name },
        spec = new
        {
            clusterRef = new { name = cluster },
            alias = Name,
            source = new { uri = new Uri(folder).AbsoluteUri, idField = "sku" },
            index = new { shards = 2, replicas = 1, mappings = Mappings },
            // Small requests, so that loading takes long enough to be looked at.
            load = new { batchBytes = "64Ki", workers = 2 },
            verify = new { minDocs = 10_000, queries = Queries },
            schedule = new { interval = Durations.Format(interval) },
        },
    };

    private static object Mappings => new
    {
        dynamic = "strict",
        properties = new
        {
            sku = new { type = "keyword" },
            title = new { type = "text" },
            category = new { type = "keyword" },
            price = new { type = "double" },
            stock = new { type = "integer" },
            added = new { type = "date" },
        },
    };

    private static object[] Queries =>
        [new { name = "shoes", body = new { query = new { match = new { title = "shoes" } } }, minHits = 100 }];
}
