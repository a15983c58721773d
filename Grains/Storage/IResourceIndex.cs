using ClusterGrains.Resources;

namespace ClusterGrains.Storage;

/// <summary>
/// Port: what the storage provider knows of all resources, without waking a grain. A row that cannot be read completely is
/// among them; see <see cref="IndexRow.Damage"/>.
/// </summary>
public interface IResourceIndex
{
    /// <summary>All rows of a kind, Retired ones too, ordered by namespace and name.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken);

    /// <summary>The rows that match, ordered by namespace and name.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken);

    /// <summary>The namespaces in which there are rows of a kind, Retired ones too, in order.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken);

    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken);

    /// <summary>The rows of any kind that claim this, the oldest resource first, then by uid.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken);

    /// <summary>The rows of any kind that are late at <paramref name="now"/>, the latest first.</summary>
    /// <param name="limit">At most so many rows, 1 or more.</param>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The rows of any kind that an activation in this silo wrote last, Retired ones too.</summary>
    /// <param name="silo">See <see cref="IndexRow.Silo"/>.</param>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken);
}
