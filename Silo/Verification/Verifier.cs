using System.Collections.Immutable;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Verification;

/// <summary>
/// Compares everything that ClusterGrains keeps, shows and records. Reads only: it wakes no grain, takes no lock, and runs beside
/// silos or without any.
/// </summary>
internal sealed class Verifier(
    StoredRows storage, LiveResources api, HistoryListing history, AliasViews aliases, IOptions<VerifyOptions> options, TimeProvider time)
{
    /// <summary>Looks until nothing is wrong, or the same was wrong in each of the looks that are set.</summary>
    /// <param name="opened">Runs that are known to have been opened, by whatever means.</param>
    public async Task<VerifyReport> Look(IReadOnlyCollection<string> opened, CancellationToken cancellationToken)
    {
        var report = await LookOnce(opened, cancellationToken);
        for (var look = 2; look <= options.Value.Looks && report.Violations.Length > 0; look++)
        {
            await Task.Delay(options.Value.Pause, time, cancellationToken);
            var before = report.Violations.Select(violation => violation.Id).ToHashSet();
            var next = await LookOnce(opened, cancellationToken);
            report = next with
            {
                Violations = [.. next.Violations.Where(violation => before.Contains(violation.Id))],
                Looks = look,
            };
        }

        return report;
    }

    private async Task<VerifyReport> LookOnce(IReadOnlyCollection<string> opened, CancellationToken cancellationToken)
    {
        var unseen = new List<Unseen>();

        // The order makes most of what happens meanwhile harmless: what is shown cannot be newer than its row, and what a row says
        // was recorded is in the history by then.
        var live = await Live(unseen, cancellationToken);
        if (await Try("The storage", () => Storage(cancellationToken), unseen) is not { } stored)
        {
            return new VerifyReport([], [.. unseen], 0, live.Found.Count, 0, 0, 1);
        }

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var told = await Try("The history", () => history.Read(today, stored.Rows, cancellationToken), unseen);
        var (shown, unasked) = await aliases.Read(stored.Rows, cancellationToken);
        unseen.AddRange(unasked);
        var seen = new Snapshot
        {
            Rows = stored.Rows,
            Reminders = stored.Reminders,
            Live = live.Found,
            Listed = resource => live.Kinds.Contains(resource.Kind.Name) && api.Covers(resource.Key.Namespace),
            History = told,
            Later = told is null ? ImmutableDictionary<ResourceId, (string, int, long)>.Empty : await Later(stored.Rows, told, unseen, cancellationToken),
            Aliases = shown,
            Opened = opened,
        };
        return new VerifyReport(
            [.. Invariants.Judge(seen).OrderBy(one => one.Invariant, StringComparer.Ordinal).ThenBy(one => one.Resource, StringComparer.Ordinal)],
            [.. unseen],
            stored.Rows.Length,
            live.Found.Count,
            told?.Objects ?? 0,
            shown.Count,
            1);
    }

    private async Task<(IReadOnlyDictionary<ResourceId, LiveFacts> Found, HashSet<string> Kinds)> Live(
        List<Unseen> unseen, CancellationToken cancellationToken)
    {
        var (found, kinds) = (new Dictionary<ResourceId, LiveFacts>(), new HashSet<string>());
        foreach (var kind in StoredKind.All.Select(stored => stored.Kind))
        {
            if (await Try($"{kind.Plural} in the API server", () => api.List(kind, cancellationToken), unseen) is { } listed)
            {
                kinds.Add(kind.Name);
                foreach (var live in listed)
                {
                    found[live.Resource] = live;
                }
            }
        }

        return (found, kinds);
    }

    private async Task<Stored> Storage(CancellationToken cancellationToken) =>
        new(await storage.Rows(cancellationToken), await storage.Reminders(cancellationToken));

    /// <summary>Records that came while the history was listed: the row, read once more, must know of them.</summary>
    private async Task<IReadOnlyDictionary<ResourceId, (string, int, long)>> Later(
        ImmutableArray<RowFacts> rows, HistoryFacts told, List<Unseen> unseen, CancellationToken cancellationToken)
    {
        var behind = rows.Where(row => IsBehind(row, told)).Select(row => row.Resource).ToHashSet();
        var again = behind.Count == 0 ? [] : (await Try("The storage", () => Storage(cancellationToken), unseen))?.Rows ?? [];
        return again.Where(row => behind.Contains(row.Resource) && row.Damage is null)
            .DistinctBy(row => row.Resource)
            .ToDictionary(row => row.Resource, row => (row.Epoch, row.Line, row.Seq));
    }

    private static bool IsBehind(RowFacts row, HistoryFacts told) =>
        told.Epochs.TryGetValue(row.Epoch, out var epoch)
        && epoch.Lines.Any(line => line.Key > row.Line || (line.Key == row.Line && line.Value.Last > row.Seq));

    private static async Task<T?> Try<T>(string what, Func<Task<T>> look, List<Unseen> unseen)
        where T : class
    {
        try
        {
            return await look();
        }
        catch (DependencyException failure)
        {
            unseen.Add(new Unseen(failure.Dependency, what, failure.Message));
            return null;
        }
    }

    private sealed record Stored(ImmutableArray<RowFacts> Rows, ImmutableArray<ReminderFacts> Reminders);
}
