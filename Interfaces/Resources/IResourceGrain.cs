namespace ClusterGrains.Resources;

/// <summary>One custom resource. What every kind's grain understands.</summary>
/// <remarks>
/// No method waits for a search cluster, the history store or a status write: an edit is acknowledged while a run hangs.
/// </remarks>
[Alias("ClusterGrains.IResourceGrain")]
public interface IResourceGrain : IGrainWithStringKey
{
    /// <summary>
    /// The newest manifest somebody saw. Level-triggered: repeated, reordered and lost calls are everyday. Returns when
    /// the grain's state holds what it decided.
    /// </summary>
    [Alias("Observe")]
    Task Observe(Manifest manifest, CancellationToken cancellationToken);

    /// <summary>
    /// Somebody believes that the resource is gone. <paramref name="deletedUid"/> is the uid of a DELETED event, which
    /// proves it for that uid; null asks the grain to find out with a consistent GET.
    /// </summary>
    [Alias("Vanished")]
    Task Vanished(string? deletedUid, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure the reminder exists, or is gone when there is no such resource, and catches up on what is due. A grain that
    /// knows nothing asks the API server first. Harmless at any time.
    /// </summary>
    /// <returns>What had to be put right; nothing when the next tick would have done the same in time.</returns>
    [Alias("Wake")]
    Task<Repairs> Wake(CancellationToken cancellationToken);

    /// <summary>Writes the row again as it is, because somebody could not read the columns beside its state.</summary>
    /// <returns>Nothing when there is no row.</returns>
    [Alias("Rewrite")]
    Task<Repairs> Rewrite(CancellationToken cancellationToken);

    /// <summary>The status document as it would be projected now, JSON text; null when there is no such resource.</summary>
    [Alias("Describe")]
    Task<string?> Describe(CancellationToken cancellationToken);
}
