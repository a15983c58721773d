using System.Runtime.CompilerServices;
using ClusterGrains.Storage;

namespace ClusterGrains.Transfer;

/// <summary>Everything that a storage holds for the silos, in an order that is the same in every storage.</summary>
internal sealed class StoredContent(IStateRows states, IReminderTable reminders)
{
    /// <summary>The ring is read in so many parts, so that never all reminders are held at once.</summary>
    private const uint Slices = 64;

    private const uint Slice = uint.MaxValue / Slices;

    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async IAsyncEnumerable<TransferLine> Lines([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in states.All(cancellationToken))
        {
            yield return new TransferLine { State = row };
        }

        for (uint slice = 0; slice < Slices; slice++)
        {
            // The last one goes around the end of the ring, to 0.
            var rows = await reminders.ReadRows(slice * Slice, slice == Slices - 1 ? 0 : (slice + 1) * Slice, cancellationToken);
            foreach (var reminder in rows.Reminders.Select(StoredReminder.Of)
                .OrderBy(one => one.GrainId, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal))
            {
                yield return new TransferLine { Reminder = reminder };
            }
        }
    }
}
