using ClusterGrains.Resources;

namespace ClusterGrains.Storage;

/// <summary>Port: what the storage provider knows of all resources, without waking a grain.</summary>
public interface IResourceIndex
{
    /// <summary>All rows of a kind, Retired ones too, ordered by namespace and name.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken);

    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken);

    /// <summary>The rows of any kind that claim this, the oldest resource first, then by uid.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken);
}
