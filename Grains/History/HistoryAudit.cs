using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>
/// The double check of the history: is every number that a resource gave there? First the states are read, then the store
/// is listed, so that whatever happens meanwhile is not expected. Reads only; needs no running silo.
/// </summary>
internal sealed class HistoryAudit(HistoryMarks marks, IHistoryReader reader, TimeProvider time, ILogger<HistoryAudit> logger)
{
    /// <summary>An expiry does not remove a whole day in one moment.</summary>
    private const int DaysOfAnExpiry = 2;

    /// <param name="days">So many days before today, and today.</param>
    /// <exception cref="DependencyException">Storage or store did not answer everything; then nothing is known.</exception>
    public async Task<HistoryAuditReport> Run(int days, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

        // Another silo's clock may already be in the next day.
        var (first, last) = (today.AddDays(-days), today.AddDays(1));
        var (known, unread) = await marks.Read(cancellationToken);
        var recent = known.Where(mark => mark.Given(first, last).Any()).ToList();
        var look = new HistoryLook(reader, recent, logger);
        await look.Take(first, last, cancellationToken);

        first = Judged(look.FirstDay, first, today);
        var doubtful = recent.Where(mark => look.Lacking(mark, first, last).Any()).ToList();
        var holes = await Confirm(doubtful, recent, first, last, cancellationToken);
        var torn = holes.Select(hole => hole.Mark.Uid).ToHashSet(StringComparer.Ordinal);
        return new HistoryAuditReport(
            first,
            last,
            recent.Sum(mark => mark.Given(first, last).Sum(given => given.To - given.From + 1)),
            holes,
            [.. known.Where(mark => mark.IsReported && !torn.Contains(mark.Uid))],
            unread);
    }

    /// <summary>
    /// From this day on nothing can have expired. Yesterday and today are judged in any case: no expiry may be shorter.
    /// </summary>
    /// <param name="stored">The first day of which anything is stored.</param>
    private static DateOnly Judged(DateOnly? stored, DateOnly first, DateOnly today)
    {
        var yesterday = today.AddDays(-1);
        var safe = stored?.AddDays(DaysOfAnExpiry) ?? first;
        return safe <= first ? first : safe < yesterday ? safe : yesterday;
    }

    /// <summary>Looks again before anybody is alarmed: not every store lists at once what it has taken.</summary>
    private async Task<ImmutableArray<HistoryHole>> Confirm(
        List<HistoryMark> doubtful, List<HistoryMark> recent, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0)
        {
            return [];
        }

        // An epoch may be explained by a gap of the one after it.
        var names = doubtful.Select(mark => (mark.Kind, mark.Key)).ToHashSet();
        var look = new HistoryLook(reader, recent.Where(mark => names.Contains((mark.Kind, mark.Key))), logger);
        await look.Take(first, last, cancellationToken);
        return
        [
            .. from mark in doubtful
               let ranges = SeqRange.Union(look.Lacking(mark, first, last))
               where !ranges.IsEmpty
               select new HistoryHole(mark, ranges),
        ];
    }
}
