namespace ClusterGrains.Datasets.Loading;

/// <summary>Carries a frozen version into an index: read, decompress, cut into batches, send.</summary>
internal sealed class Loader(TimeProvider time)
{
    /// <exception cref="SourceException">The version cannot be read as it was frozen.</exception>
    /// <exception cref="DependencyException">The source is not readable.</exception>
    public Task<LoadEnd> Load(LoadJob job, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{time.GetUtcNow()} {job} {cancellationToken}");
}
