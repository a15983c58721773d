using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>
/// What is wrong with a dataset or worth knowing. Pure. No message holds a number that moves while nothing else does: each
/// change of a finding is a write of the status.
/// </summary>
internal static class DatasetFindings
{
    /// <summary>So many runs in a row are no accident.</summary>
    private const int Often = 3;

    private const int ShownOrphans = 5;

    /// <summary>Waits that are nobody's fault.</summary>
    private static readonly string[] Patient = [DatasetCodes.ApprovalPending, DatasetCodes.Queued];

    /// <summary>Readers may not see what they should.</summary>
    private static readonly string[] Grave = [DatasetCodes.AliasDrift, DatasetCodes.AliasIsIndex, DatasetCodes.AliasClaimed];

    /// <summary>Most severe first; one that was open before keeps its beginning.</summary>
    public static ImmutableArray<OpenFinding> Of(DatasetView view)
    {
        var known = view.State.Work.Findings.ToLookup(open => (open.Finding.Code, open.Finding.Object), open => open.Since);
        var found = view.Schedule is null ? [] : Now(view);
        return
        [
            .. found.DistinctBy(one => (one.Finding.Code, one.Finding.Object))
                .OrderByDescending(one => one.Finding.Severity)
                .Select(one => new OpenFinding(
                    one.Finding,
                    one.Since ?? known[(one.Finding.Code, one.Finding.Object)].FirstOrDefault(view.Now))),
        ];
    }

    private static IEnumerable<(Finding Finding, DateTimeOffset? Since)> Now(DatasetView view) =>
        Waits(view).Concat(Failures(view)).Concat(Source(view)).Concat(Leftovers(view));

    private static IEnumerable<(Finding Finding, DateTimeOffset? Since)> Waits(DatasetView view)
    {
        var ledger = view.Ledger;
        if (ledger.ClaimedBy is { } owner)
        {
            yield return (Finding(DatasetCodes.AliasClaimed, Severity.Critical, view.Spec!.Alias, DatasetVerdict.Claimed(owner)), null);
        }

        if (ledger.Drift is { } drift)
        {
            yield return (Finding(DatasetCodes.AliasDrift, Severity.Critical, view.Spec!.Alias, Drifted(view, drift)), drift.Since);
        }

        if (ledger.Blocked is { } blocked && !(blocked.Code is DatasetCodes.AliasDrift && ledger.Drift is not null))
        {
            var severity = Patient.Contains(blocked.Code) ? Severity.Info : Grave.Contains(blocked.Code) ? Severity.Critical : Severity.Warning;
            yield return (Finding(blocked.Code, severity, view.Candidate?.Version ?? "", blocked.Message), blocked.Since);
        }

        if (view.MakesNoProgress)
        {
            yield return (
                Finding(
                    DatasetCodes.NoProgress,
                    Severity.Warning,
                    view.Candidate!.Version,
                    $"Nothing was acknowledged since {ResourceStatus.Time(view.Candidate.MovedAt ?? view.Candidate.LoadStartedAt ?? view.Candidate.StartedAt)}. "
                    + "Look at the load and the disks of the search cluster, and at the source."),
                null);
        }
    }

    private static IEnumerable<(Finding Finding, DateTimeOffset? Since)> Failures(DatasetView view)
    {
        if (view.Failed is { } failed)
        {
            yield return (Finding(failed.Code, Severity.Warning, failed.Version, failed.Message), failed.At);
            if (failed.Count >= Often)
            {
                yield return (Again(failed.Code, failed.Version), null);
            }
        }

        if (view.Ledger.Blocked is { Count: >= Often } blocked && !Patient.Contains(blocked.Code))
        {
            yield return (Again(blocked.Code, view.Candidate?.Version ?? ""), null);
        }

        if (view.Candidate is { Counts.Rejected: > 0 } candidate)
        {
            yield return (
                Finding(
                    DatasetCodes.DocumentsRejected,
                    Severity.Warning,
                    candidate.Version,
                    "Documents of this version are not taken; status.candidate.docsRejected counts them, and the rejected records in the "
                    + "history hold each with its reason. More than spec.verify.maxRejected end the version."),
                null);
        }
        else if (view.Ledger.Published is { } published
            && view.State.Work.Recent.FirstOrDefault(ended => ended.RunId == published.RunId) is { Rejected: > 0 } promoted)
        {
            yield return (
                Finding(
                    DatasetCodes.DocumentsRejected,
                    Severity.Info,
                    published.Version,
                    $"{promoted.Rejected} documents of the published version were not taken; the rejected records in the history hold each."),
                promoted.At);
        }
    }

    private static IEnumerable<(Finding Finding, DateTimeOffset? Since)> Source(DatasetView view)
    {
        var look = view.Ledger.Look;
        if (view is { IsStale: true, Suspended: false })
        {
            yield return (
                Finding(
                    DatasetCodes.SourceNotLookedAt,
                    Severity.Warning,
                    "",
                    $"No look at the source succeeded since {ResourceStatus.Time(view.LookedAt!.Value)}: nobody knows whether there is newer data."),
                view.LookedAt + view.Schedule!.StaleAfter);
        }

        if (view.IsOverdue)
        {
            yield return (
                Finding(
                    DatasetCodes.NoNewVersion,
                    Severity.Warning,
                    look!.Latest ?? "",
                    $"No newer version appeared since {ResourceStatus.Time(look.LatestSince)}, longer than spec.source.expectNewWithin "
                    + $"({Durations.Format(view.Spec!.Source.ExpectNewWithin!.Value)}). Look at what writes the source."),
                look.LatestSince + view.Spec.Source.ExpectNewWithin.Value);
        }

        if (view.Unmarked is { } folder)
        {
            yield return (
                Finding(
                    DatasetCodes.MarkerMissing,
                    Severity.Warning,
                    folder,
                    $"The folder {folder} holds data that has not changed since {ResourceStatus.Time(look!.UnmarkedSince!.Value)}, but no "
                    + $"{view.Spec!.Source.Marker}. Write the marker once the folder is complete."),
                look.UnmarkedSince);
        }

        if (look is { Latest: null } && view.Ledger.Published is null)
        {
            yield return (
                Finding(
                    DatasetCodes.NothingPublished,
                    Severity.Info,
                    "",
                    $"The source holds no complete version: a folder with data and {view.Spec!.Source.Marker}."),
                null);
        }
    }

    private static IEnumerable<(Finding Finding, DateTimeOffset? Since)> Leftovers(DatasetView view)
    {
        var orphans = view.Ledger.Orphans;
        if (!orphans.IsDefaultOrEmpty)
        {
            var names = string.Join(", ", orphans.Take(ShownOrphans)) + (orphans.Length > ShownOrphans ? ", …" : "");
            yield return (
                Finding(
                    DatasetCodes.OrphanIndices,
                    Severity.Info,
                    "",
                    $"{orphans.Length} indices of this dataset are of no use: {names}. They are deleted after spec.rollout.orphanGrace, "
                    + "but for those that another SearchDataset of this name made."),
                null);
        }

        foreach (var note in view.Ledger.Notes)
        {
            yield return (note, null);
        }
    }

    private static Finding Again(string code, string about) => Finding(
        DatasetCodes.SameFailure,
        Severity.Warning,
        about,
        $"{code} came {Often} times in a row or more: it will not go away by itself. Do what its own finding says.");

    private static string Drifted(DatasetView view, AliasDrift drift) =>
        $"The alias {view.Spec!.Alias} shows {(drift.Shows.Length == 0 ? "nothing" : drift.Shows)} instead of {view.Ledger.Published?.Index ?? "one index"}. "
        + "It is left alone. Move it back; or if it is meant, annotate clustergrains.io/adopt-alias with the one index it shows.";

    private static Finding Finding(string code, Severity severity, string about, string message) =>
        new() { Code = code, Severity = severity, Object = about, Message = message };
}
