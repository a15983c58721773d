using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Watch;

/// <summary>What one list and one watch cover.</summary>
/// <param name="Namespace">Null for the whole cluster.</param>
internal sealed record WatchTarget(ResourceKind Kind, string? Namespace)
{
    public ApiTarget Collection => ApiTarget.Collection(Kind, Namespace);

    public bool Covers(string otherNamespace) => Namespace is null || Namespace == otherNamespace;

    /// <summary>What the index knows of it, Retired rows too.</summary>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<Dictionary<Address, IndexRow>> Rows(IResourceIndex index, CancellationToken cancellationToken) =>
        (await index.List(Kind.Name, cancellationToken))
            .Where(row => Covers(row.Namespace))
            .GroupBy(row => new Address(Kind, new ResourceKey(row.Namespace, row.Name)))
            .ToDictionary(rows => rows.Key, rows => rows.First());

    public override string ToString() => Collection.ToString();
}
