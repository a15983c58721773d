namespace ClusterGrains.Resources;

/// <summary>Port: the API server's word on one resource.</summary>
public interface IResourceApi
{
    /// <summary>
    /// A consistent read (never from a cache that may lag). Null only when the server says NotFound about this object's
    /// name: a missing CRD is also a 404, and proves nothing.
    /// </summary>
    /// <exception cref="DependencyException">The API server said anything else, or nothing in time.</exception>
    Task<Manifest?> Get(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken);
}
