using ClusterGrains.Storage;

namespace ClusterGrains.Transfer;

/// <summary>Writes all that a storage holds into one file.</summary>
internal sealed class Exporter(IMoveSource source, StoredContent content, TimeProvider time)
{
    /// <exception cref="TransferException">The file is there already.</exception>
    /// <exception cref="DependencyException">A silo works on the storage, or it did not answer.</exception>
    public async Task<TransferEnd> Export(string file, CancellationToken cancellationToken)
    {
        await source.Open(cancellationToken);
        await using var writer = new TransferWriter(file);
        await writer.Begin(
            new TransferHeader(TransferHeader.Name, TransferHeader.Current, source.Place, time.GetUtcNow()), cancellationToken);
        await foreach (var line in content.Lines(cancellationToken))
        {
            await writer.Add(line, cancellationToken);
        }

        await source.Confirm(cancellationToken);
        return await writer.Finish(cancellationToken);
    }
}
