using System.Text.Json;
using ClusterGrains.History;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Verification;

/// <summary>Lists the history. Keys say nearly all; gaps are opened for what they account for, the others when asked to.</summary>
internal sealed class HistoryListing(IHistoryReader reader, IOptions<VerifyOptions> options)
{
    private const string Root = "v1/history/";

    /// <summary>Objects that are opened at once.</summary>
    private const int MaxOpen = 8;

    /// <exception cref="DependencyException">The store did not answer.</exception>
    public async Task<HistoryFacts> Read(DateOnly today, IEnumerable<RowFacts> rows, CancellationToken cancellationToken)
    {
        var since = options.Value.Since;
        var facts = new HistoryFacts(today, since, rows.SelectMany(row => row.Pending));
        foreach (var prefix in Prefixes(today, since))
        {
            string? continuation = null;
            do
            {
                var page = await reader.List(prefix, continuation, cancellationToken);
                var named = page.Keys.Select(key => (Key: key, Name: facts.Add(key)))
                    .Where(one => one.Name is { Record: RecordKind.Gap } || (options.Value.Open && one.Name is { IsNumbered: true }))
                    .ToList();
                await Parallel.ForEachAsync(
                    named,
                    new ParallelOptions { MaxDegreeOfParallelism = MaxOpen, CancellationToken = cancellationToken },
                    async (one, token) => await Open(facts, one.Name!, one.Key, token));
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

    private async Task Open(HistoryFacts facts, HistoryName name, string key, CancellationToken cancellationToken)
    {
        try
        {
            // Expired since it was listed: then so are those it speaks of.
            if (await reader.Read(key, cancellationToken) is { } body)
            {
                var record = HistoryObject.Open(body);
                lock (facts)
                {
                    facts.Open(name, key, record);
                }
            }
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException)
        {
            lock (facts)
            {
                facts.Spoil(name, $"a body that cannot be read: {damage.Message}");
            }
        }
    }
}
