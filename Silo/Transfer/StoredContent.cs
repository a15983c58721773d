using System.Runtime.CompilerServices;
using ClusterGrains.Storage;

namespace ClusterGrains.Transfer;

/// <summary>Everything that a storage holds for the silos, in an order that is the same in every storage.</summary>
internal sealed class StoredContent(IStateRows states, IReminderTable reminders)
{
    /// <summary>A page of rows with full outboxes is some 50 MB.</summary>
    private const int PageSize = 200;

    /// <summary>The ring is read in so many parts, so that never all reminders are held at once.</summary>
    private const uint Slices = 64;

    private const uint Slice = uint.MaxValue / Slices;

    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async IAsyncEnumerable<TransferLine> Lines([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<StateRow> page;
        StateKey? last = null;
        do
        {
            page = await states.Page(last, PageSize, cancellationToken);
            foreach (var row in page)
            {
                last = row.Key;
                yield return new TransferLine { State = row };
            }
        }
        while (page.Count == PageSize);

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
