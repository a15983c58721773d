using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>How a ledger becomes the next one. Pure.</summary>
internal static class LedgerMoves
{
    public const int MaxMessage = 1024;

    /// <summary>Versions that come faster than the grace passes must not fill the cluster, nor the status.</summary>
    private const int MaxLingering = 20;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>These say nothing about the version: it is tried again by itself.</summary>
    private static readonly string[] Retried =
    [
        DatasetCodes.DeadlineExceeded, DatasetCodes.IndexLost, DatasetCodes.ClusterReplaced,
        DatasetCodes.SourceChanged, DatasetCodes.MarkerWithdrawn,
    ];

    /// <summary>A folder that fails so often in a row is still being written: each try costs the cluster an index.</summary>
    private const int Patience = 3;

    /// <summary>Published is per cluster and alias: elsewhere nothing of ours is known.</summary>
    public static DatasetLedger At(this DatasetLedger ledger, ClusterIdentity cluster, string claim)
    {
        var elsewhere = (ledger.ClusterUuid ?? cluster.ClusterUuid) != cluster.ClusterUuid || (ledger.Claim ?? claim) != claim;
        var known = elsewhere
            ? ledger with
            {
                Published = null, Retained = [], Failed = null, Drift = null, Orphans = [], ClaimedBy = null, Adopted = null, HeldUpTo = null,
            }
            : ledger;
        return known with
        {
            ClusterUuid = cluster.ClusterUuid,
            Engine = cluster.Engine,
            EngineVersion = cluster.Version,
            Claim = claim,
        };
    }

    /// <summary>A value that was acted on may be asked for again once it was taken out.</summary>
    public static DatasetLedger Hearing(this DatasetLedger ledger, UpdateRun run) => ledger with
    {
        ReloadHandled = ledger.ReloadHandled == run.Reload ? run.Reload : null,
        AdoptHandled = ledger.AdoptHandled == run.AdoptAlias ? run.AdoptAlias : null,
    };

    /// <summary>What blocked the run before is passed once a step or the position moved.</summary>
    public static DatasetLedger Unblocked(DatasetLedger before, DatasetLedger after) =>
        before.Blocked is not null && ReferenceEquals(before.Blocked, after.Blocked)
        && before.Candidate is { } was && after.Candidate is { } now && (was.Step != now.Step || was.Position != now.Position)
            ? after with { Blocked = null }
            : after;

    /// <summary>Whether only <paramref name="after"/> announces the promotion.</summary>
    public static bool IsIntent(DatasetLedger before, DatasetLedger after) =>
        after.Candidate?.Step is UpdateStep.Promote && before.Candidate?.Step is not UpdateStep.Promote;

    public static DatasetLedger Waiting(this DatasetLedger ledger, string code, string message, DateTimeOffset now)
    {
        var same = ledger.Blocked?.Code == code ? ledger.Blocked : null;
        var trouble = new Trouble(code, SafeText.Clean(message, MaxMessage), same?.Since ?? now, (same?.Count ?? 0) + 1);
        return ledger with { Blocked = trouble };
    }

    /// <summary>The candidate is given up as it is.</summary>
    public static RunReport Ended(this DatasetLedger ledger, UpdateResult result, string code, string message) => new(
        ledger with { Candidate = null, Blocked = null },
        new UpdateEnd
        {
            Result = result,
            Candidate = ledger.Candidate!,
            Code = code,
            Message = SafeText.Clean(message, MaxMessage),
        });

    public static RunReport Failing(this DatasetLedger ledger, UpdateRun run, string code, string message, DateTimeOffset now)
    {
        var candidate = ledger.Candidate!;
        var count = ledger.Failed is { } before && before.Version == candidate.Version && before.Code == code ? before.Count + 1 : 1;
        var failed = new FailedVersion(
            candidate.Version,
            candidate.Fingerprint,
            run.Generation,
            code,
            SafeText.Clean(message, MaxMessage),
            now,
            count,
            Retried.Contains(code) ? now + Pause(run.Spec.Schedule.Interval, count) : null);
        return (ledger with { Failed = failed }).Ended(UpdateResult.Failed, code, message);
    }

    /// <summary>Whether this version with these files may be tried now.</summary>
    /// <param name="code">Why it cannot even be listed; null when it can.</param>
    public static bool MayTry(
        this FailedVersion? failed, UpdateRun run, string version, string fingerprint, string? code, DateTimeOffset now)
    {
        if (failed is null || failed.Version != version || failed.Generation != run.Generation || (failed.RetryAt is { } at && now >= at))
        {
            return true;
        }

        var isOther = failed.Fingerprint != fingerprint || (code is not null && failed.Code != code);
        return isOther && (failed.Count < Patience || now >= failed.At + Pause(run.Spec.Schedule.Interval, failed.Count));
    }

    /// <summary>The alias was read back and shows the candidate.</summary>
    public static DatasetLedger Promoted(this DatasetLedger ledger, VersionNames names, DateTimeOffset now)
    {
        var candidate = ledger.Candidate!;
        var before = ledger.Retained.FirstOrDefault(kept => kept.Index == candidate.Index);
        var published = new KeptVersion(
            candidate.Version,
            candidate.Fingerprint,
            candidate.Index,
            candidate.IndexUuid!,
            candidate.Verified?.Docs ?? before?.Docs ?? 0,
            now,
            candidate.RunId,
            before?.Bytes ?? candidate.Counts.Bytes,
            before?.StoreBytes ?? candidate.Verified?.StoreBytes ?? 0);
        var back = ledger.Published is { Version.Length: > 0 } shown && names.Compare(candidate.Version, shown.Version) < 0;
        return ledger.Publishing(published) with
        {
            Candidate = candidate with
            {
                Step = UpdateStep.Prune,
                PromotedAs = back ? UpdateResult.RolledBack : UpdateResult.Promoted,
            },
            Failed = ledger.Failed is { } failed && names.Compare(failed.Version, candidate.Version) <= 0 ? null : ledger.Failed,
        };
    }

    /// <summary>The end of a candidate that was promoted. Going back to an older version is told as what it is.</summary>
    public static RunReport Finished(this DatasetLedger ledger, ImmutableArray<string> pruned)
    {
        var candidate = ledger.Candidate!;
        var report = ledger.Ended(candidate.PromotedAs ?? UpdateResult.Promoted, "", "");
        return report with { Ended = report.Ended! with { Replaced = candidate.Expected, Pruned = pruned } };
    }

    /// <summary>What was published before is kept, newest promotion first; an index that never was ours is not.</summary>
    public static DatasetLedger Publishing(this DatasetLedger ledger, KeptVersion published)
    {
        var before = ledger.Published is { RunId.Length: > 0 } kept ? ImmutableArray.Create(kept) : [];
        return ledger with
        {
            Published = published,
            Retained = [.. before.Concat(ledger.Retained).Where(one => one.Index != published.Index)],
            Drift = null,
            Adopted = null,
            HeldUpTo = null,
        };
    }

    /// <summary>
    /// Those that are kept for rollback, a pinned one always; and what readers were on until a moment ago, whose scrolls and
    /// points in time still are.
    /// </summary>
    public static DatasetLedger Trimmed(
        this DatasetLedger ledger, RolloutSpec rollout, ImmutableArray<IndexView> indices, DateTimeOffset now)
    {
        // In the order of their last promotions: each was replaced when the one before it was promoted.
        var replaced = ledger.Retained.Select(kept => kept.At).Prepend(ledger.Published?.At ?? default).ToArray();
        return ledger with
        {
            Retained =
            [
                .. ledger.Retained
                    .Select((kept, at) => (Kept: kept, ReplacedAt: replaced[at]))
                    .Where(one => indices.Any(index => index.Name == one.Kept.Index && index.Uuid == one.Kept.IndexUuid))
                    .Where((one, at) => at < rollout.KeepPrevious || one.Kept.Version == rollout.Pin
                        || one.Kept.Index == ledger.Candidate?.Index
                        || (at < MaxLingering && now - one.ReplacedAt < rollout.OrphanGrace))
                    .Select(one => one.Kept),
            ],
        };
    }

    private static TimeSpan Pause(TimeSpan interval, int count)
    {
        var pause = interval * Math.Pow(2, Math.Min(count - 1, 20));
        return pause < LongestPause ? pause : LongestPause;
    }
}
