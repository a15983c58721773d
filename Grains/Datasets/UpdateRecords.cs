using System.Collections.Immutable;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>The end of an update: one record, and the entry that the status remembers. Pure.</summary>
internal static class UpdateRecords
{
    /// <summary>What a run leaves: its ledger, and the record of the version that ended, unless it was recorded before.</summary>
    public static ResourceState<SearchDatasetWork> Take(
        this ResourceState<SearchDatasetWork> state, RunReport report, DateTimeOffset now)
    {
        var next = state with { Work = state.Work with { Ledger = report.Ledger } };
        return report.Ended is { } ended && !state.Work.Knows(ended) ? next.Record(ended, now) : next;
    }

    /// <summary>A dataset that is gone leaves no candidate: what became of it is recorded before the tombstone.</summary>
    public static ResourceState<SearchDatasetWork> Abandon(this ResourceState<SearchDatasetWork> state, DateTimeOffset now)
    {
        var ledger = state.Work.Ledger;
        var promoted = ledger.Candidate is { Step: UpdateStep.Prune };
        return ledger.Candidate is not { } candidate ? state : state.Take(
            new RunReport(
                ledger with { Candidate = null, Blocked = null },
                new UpdateEnd
                {
                    Candidate = candidate,
                    Result = promoted ? candidate.PromotedAs ?? UpdateResult.Promoted : UpdateResult.Interrupted,
                    Message = candidate.Step is UpdateStep.Promote
                        ? "The dataset was deleted while the alias was being moved; the alias tells which version readers see."
                        : "The dataset was deleted.",
                    Replaced = promoted ? candidate.Expected : null,
                }),
            now);
    }

    private static ResourceState<SearchDatasetWork> Record(
        this ResourceState<SearchDatasetWork> state, UpdateEnd end, DateTimeOffset now)
    {
        var candidate = end.Candidate;
        var recorded = state.Append(new HistoryRecord
        {
            Record = RecordKind.Update,
            RunId = candidate.RunId,
            Target = SearchDatasetJudgement.Target(state),
            StartedAt = candidate.StartedAt,
            FinishedAt = now,
            Outcome = end.Result.ToString(),
            Findings = Findings(end),
            Metrics = Metrics(candidate),
            Update = Told(end),
        });
        return recorded with
        {
            Work = recorded.Work.Remember(new EndedUpdate(
                candidate.RunId,
                candidate.Version,
                candidate.Index,
                end.Result,
                end.Code,
                candidate.Verified?.Docs ?? candidate.Counts.Acked,
                candidate.Counts.Rejected,
                now,
                recorded.LastKey!)),
        };
    }

    private static HistoryUpdate Told(UpdateEnd end)
    {
        var good = end.Result is UpdateResult.Promoted or UpdateResult.RolledBack;
        return new HistoryUpdate(
            end.Candidate.Kind.ToString(),
            end.Candidate.Version,
            end.Candidate.Fingerprint,
            end.Candidate.Index,
            end.Candidate.IndexUuid,
            end.Candidate.Step.ToString(),
            good || end.Code.Length == 0 ? null : end.Code,
            good || end.Message.Length == 0 ? null : end.Message,
            end.Replaced,
            end.Pruned.IsDefault ? [] : end.Pruned);
    }

    private static ImmutableArray<Finding> Findings(UpdateEnd end) => end.Result is not UpdateResult.Failed ? [] :
    [
        new Finding { Code = end.Code, Severity = Severity.Warning, Object = end.Candidate.Version, Message = end.Message },
    ];

    /// <summary>The names are those of docs/history.md.</summary>
    private static ImmutableSortedDictionary<string, double> Metrics(Candidate candidate)
    {
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        metrics["files"] = candidate.Files;
        metrics["sourceBytes"] = candidate.SourceBytes;
        metrics["bytes"] = candidate.Counts.Bytes;
        metrics["lines"] = candidate.Counts.Lines;
        metrics["docsAcked"] = candidate.Counts.Acked;
        metrics["docsRejected"] = candidate.Counts.Rejected;
        metrics["retries"] = candidate.Counts.Retries;
        if (candidate.Baseline is { } baseline)
        {
            metrics["baseline"] = baseline;
        }

        if (candidate.Verified is { } verified)
        {
            metrics["docs"] = verified.Docs;
            metrics["duplicates"] = verified.Duplicates;
            metrics["shrinkPercent"] = verified.ShrinkPercent;
            metrics["storeBytes"] = verified.StoreBytes;
            foreach (var (query, hits) in verified.Hits)
            {
                metrics[$"hits.{query}"] = hits;
            }
        }

        foreach (var (step, seconds) in candidate.Seconds)
        {
            metrics[$"seconds.{step.ToLowerInvariant()}"] = seconds;
        }

        return metrics.ToImmutable();
    }
}
