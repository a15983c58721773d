using System.Text.Json;
using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>Lists the history. Keys say nearly all; only gaps are opened, for what they account for.</summary>
internal sealed class HistoryListing(IHistoryReader reader)
{
    private const string Root = "v1/history/";

    /// <exception cref="DependencyException">The store did not answer, or holds a gap that cannot be read.</exception>
    public async Task<HistoryFacts> Read(
        DateOnly today, DateOnly? since, IEnumerable<RowFacts> rows, CancellationToken cancellationToken)
    {
        var facts = new HistoryFacts(today, since, rows.SelectMany(row => row.Pending));
        foreach (var prefix in Prefixes(today, since))
        {
            string? continuation = null;
            do
            {
                var page = await reader.List(prefix, continuation, cancellationToken);
                foreach (var key in page.Keys)
                {
                    if (facts.Add(key) is { Record: RecordKind.Gap } gap)
                    {
                        facts.Explain(gap, await Open(key, cancellationToken) ?? []);
                    }
                }

                continuation = page.Continuation;
            }
            while (continuation is not null);
        }

        return facts;
    }

    /// <summary>One day more at each end: silos' clocks may disagree about midnight.</summary>
    private static IEnumerable<string> Prefixes(DateOnly today, DateOnly? since) => since is not { } first
        ? [Root]
        : from kind in Enum.GetValues<RecordKind>()
          from day in Enumerable.Range(first.DayNumber - 1, Math.Max(0, today.DayNumber - first.DayNumber) + 3)
          select HistoryObject.Folder(kind, DateOnly.FromDayNumber(day));

    private async Task<System.Collections.Immutable.ImmutableArray<SeqRange>?> Open(string key, CancellationToken cancellationToken)
    {
        try
        {
            // Expired since it was listed: then so are those it speaks of.
            return await reader.Read(key, cancellationToken) is { } body ? HistoryObject.Open(body).Missing : null;
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException)
        {
            throw new DependencyException(Dependency.History, $"{key} cannot be read: {damage.Message}", damage);
        }
    }
}
