namespace ClusterGrains.Sandbox.Terminal;

/// <summary>Shows how clusters and datasets are, until cancelled.</summary>
internal interface IScreen
{
    /// <param name="updates">All of them, again and again.</param>
    Task Show(IAsyncEnumerable<BoardRows> updates, CancellationToken cancellationToken);
}
