using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>What changed from one write to the next that Kubernetes Events should tell. Pure.</summary>
internal static class DatasetNews
{
    public static IEnumerable<(bool Warning, string Reason, string Message)> Of(
        ResourceState<SearchDatasetWork> before, ResourceState<SearchDatasetWork> after)
    {
        if (after.Phase is not ResourcePhase.Active)
        {
            yield break;
        }

        if (!after.Problems.IsEmpty && (before.Problems.IsEmpty || before.Manifest?.Generation != after.Manifest?.Generation))
        {
            yield return (true, DatasetCodes.SpecRefused, after.Problems[0].ToString());
        }

        if (before.Uid != after.Uid)
        {
            yield break;
        }

        foreach (var ended in after.Work.Recent.TakeWhile(ended => ended != before.Work.Recent.FirstOrDefault()).Reverse())
        {
            yield return Ended(ended, after.Work.Ledger.Failed?.Message);
        }

        var (was, now) = (before.Work.Ledger, after.Work.Ledger);
        if (now.Blocked is { } blocked && blocked.Code != was.Blocked?.Code && blocked.Code is not DatasetCodes.Queued)
        {
            yield return (blocked.Code is not DatasetCodes.ApprovalPending, blocked.Code, blocked.Message);
        }

        if (now.ClaimedBy is { } owner && was.ClaimedBy is null)
        {
            yield return (true, DatasetCodes.AliasClaimed, DatasetVerdict.Claimed(owner));
        }

        if (after.Work.Phase is DatasetPhase.Unknown && before.Work.Phase is not DatasetPhase.Unknown)
        {
            yield return (true, after.Work.Reason, after.Work.Message);
        }
    }

    private static (bool, string, string) Ended(EndedUpdate ended, string? failure) => ended.Result switch
    {
        UpdateResult.Failed => (true, ended.Code, $"Version {ended.Version} is not let through: {failure}".TrimEnd()),
        UpdateResult.Promoted => (false, "Promoted", $"Readers see version {ended.Version} in index {ended.Index}, {ended.Docs} documents."),
        UpdateResult.RolledBack => (false, "RolledBack", $"Readers see version {ended.Version} again, in index {ended.Index}."),
        var result => (false, result.ToString(), $"Version {ended.Version} was given up: {ended.Code}."),
    };
}
