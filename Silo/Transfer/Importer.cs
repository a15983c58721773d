using ClusterGrains.Storage;

namespace ClusterGrains.Transfer;

/// <summary>
/// Fills an empty storage from a file, and looks whether it then holds the same. Killed on the way, the storage stays marked and
/// the same import goes on: rows are added, never replaced or deleted. Frozen on the way, it ends as soon as it sees that another
/// import took over.
/// </summary>
internal sealed class Importer(IMoveTarget target, StoredContent content)
{
    private const int BatchSize = 100;

    /// <exception cref="TransferException">The file is no whole export, the storage not empty, or not the same afterwards.</exception>
    /// <exception cref="DependencyException">A silo works on the storage, or it did not answer.</exception>
    public async Task<TransferEnd> Import(string file, CancellationToken cancellationToken)
    {
        // Nothing is touched before the whole file was read.
        var expected = await TransferDigest.Of(TransferReader.Lines(file, cancellationToken), cancellationToken);
        await Begin(cancellationToken);
        await foreach (var batch in TransferReader.Lines(file, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            await target.Add(
                [.. batch.Select(line => line.State).OfType<StateRow>()],
                [.. batch.Select(line => line.Reminder).OfType<StoredReminder>().Select(reminder => reminder.Entry())],
                cancellationToken);
        }

        await RequireSame(file, expected, cancellationToken);
        await target.Finish(cancellationToken);
        return expected;
    }

    private async Task Begin(CancellationToken cancellationToken)
    {
        if (await target.Open(cancellationToken))
        {
            await target.Begin(cancellationToken);
            return;
        }

        await RequireEmpty(cancellationToken);
        await target.Begin(cancellationToken);
        try
        {
            // Until the mark was there another import could have begun, and ended.
            await RequireEmpty(cancellationToken);
        }
        catch (TransferException)
        {
            await target.Finish(CancellationToken.None);
            throw;
        }
    }

    private async Task RequireEmpty(CancellationToken cancellationToken)
    {
        if (await content.Lines(cancellationToken).FirstOrDefaultAsync(cancellationToken) is { } there)
        {
            throw new TransferException(
                $"{target.Place} is not empty: it has the {there.Name}. Import into an empty storage: let Storage:Sqlite:Path or "
                + "Storage:MongoDb:Database name another.");
        }
    }

    private async Task RequireSame(string file, TransferEnd expected, CancellationToken cancellationToken)
    {
        var found = await TransferDigest.Of(content.Lines(cancellationToken), cancellationToken);
        await target.Confirm(cancellationToken);
        if (found != expected)
        {
            throw new TransferException(
                $"{target.Place} holds {found.States} states and {found.Reminders} reminders, {file} {expected.States} and "
                + $"{expected.Reminders}, and they are not the same. It stays marked as unfinished; begin anew with an empty storage.");
        }
    }
}
