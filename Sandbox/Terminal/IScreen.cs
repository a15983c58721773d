namespace ClusterGrains.Sandbox.Terminal;

/// <summary>Shows how the clusters are, until cancelled.</summary>
internal interface IScreen
{
    /// <param name="updates">All clusters, again and again, ordered by name.</param>
    Task Show(IAsyncEnumerable<IReadOnlyList<ClusterRow>> updates, CancellationToken cancellationToken);
}
