using ClusterGrains.Storage;

namespace ClusterGrains.Transfer;

/// <summary>Writes all that a storage holds into one file.</summary>
internal sealed class Exporter(IMoveSource source, StoredContent content, TimeProvider time)
{
    /// <exception cref="TransferException">The file is there already, or a row cannot be read.</exception>
    /// <exception cref="DependencyException">A silo works on the storage, or it did not answer.</exception>
    public async Task<TransferEnd> Export(string file, CancellationToken cancellationToken)
    {
        await source.Open(cancellationToken);
        await using var writer = new TransferWriter(file);
        await writer.Begin(
            new TransferHeader(TransferHeader.Name, TransferHeader.Current, source.Place, time.GetUtcNow()), cancellationToken);
        await foreach (var line in content.Lines(cancellationToken))
        {
            RequireReadable(line.State);
            await writer.Add(line, cancellationToken);
        }

        await source.Confirm(cancellationToken);
        return await writer.Finish(cancellationToken);
    }

    /// <summary>What cannot be read would arrive as empty, and nobody would know any more that it was not.</summary>
    private void RequireReadable(StateRow? row)
    {
        if (row?.Damage is { } own)
        {
            throw new TransferException(
                $"{source.Place}: {own} of the {row.Key} cannot be read. Correct that row, or delete it to begin anew, and export again.");
        }

        if (row?.Index?.Damage is { } columns)
        {
            throw new TransferException(
                $"{source.Place}: the columns {columns} of the {row.Key} cannot be read. Start a silo once, which writes them again from "
                + "the state, or correct them, and export again.");
        }
    }
}
