using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>What differs between the engines and their versions, as far as a dataset meets it.</summary>
internal sealed record EngineFeatures(Engine Engine, EngineVersion Version)
{
    /// <summary>Whether <c>remove</c> takes <c>must_exist</c>: OpenSearch since 2.12, Elasticsearch since 7.11.</summary>
    public bool MustExist => Engine is Engine.OpenSearch ? Version.AtLeast(2, 12) : Version.AtLeast(7, 11);

    /// <summary>Whether there is <c>PUT /{index}/_block/write</c>: Elasticsearch got it in 7.9.</summary>
    public bool Blocks => Engine is Engine.OpenSearch || Version.AtLeast(7, 9);

    /// <summary>Whether there is <c>_index_template</c>: Elasticsearch got it in 7.9.</summary>
    public bool ComposableTemplates => Blocks;

    /// <summary>The name of the parameter for how long the elected manager may take.</summary>
    public string ManagerTimeout => ClusterRequest.ManagerTimeout(Engine, Version)!;

    public static EngineFeatures Of(ClusterIdentity identity) => new(
        Enum.Parse<Engine>(identity.Engine), EngineVersion.Parse(identity.Version) ?? new EngineVersion(0, 0));
}
