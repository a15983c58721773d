using ClusterGrains.Datasets.Loading;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Datasets;

/// <summary>The world as updates know it.</summary>
internal sealed record UpdatePorts(
    IVersionSource Sources,
    IIndexStore Clusters,
    IConfigMapStore ConfigMaps,
    IResourceIndex Resources,
    IHistoryStore History,
    Loader Loader,
    UpdateAdmission Admission,
    TimeProvider Time)
{
    public Func<LoadJob, CancellationToken, Task<LoadEnd>> Load { get; init; } = Loader.Load;
}
