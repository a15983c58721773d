using System.Collections.Immutable;
using System.Text;
using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Looks at what arrived. Nothing is changed here.</summary>
internal static class VerifyStep
{
    public static async Task Run(LiveRun live)
    {
        var view = await CandidateIndex.Find(live);
        await CandidateIndex.Whole(live);
        if (live.Candidate.Kind is UpdateKind.Switch)
        {
            var kept = await CandidateIndex.Unchanged(live, (await Kept(live)).Docs);
            await Pass(live, new VerifiedNumbers(kept.Docs, 0, 0, kept.PrimaryBytes, NoHits), kept.Docs > 0 ? null : (
                DatasetCodes.TooFewDocs, $"The kept index {view.Name} is empty."));
            return;
        }

        var size = await live.Cluster.Count(view.Name, live.Budget);

        var frozen = await PlanStep.Frozen(live);
        var numbers = Verification.Numbers(live.Candidate, size, await Hits(live));
        var flaw = Verification.Judge(live.Candidate, numbers, live.Spec, frozen.Documents);

        // Once more: the files may have been changed while it was counted and searched.
        _ = await PlanStep.Frozen(live);
        await Pass(live, numbers, flaw);
    }

    private static ImmutableSortedDictionary<string, long> NoHits { get; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    private static async Task<KeptVersion> Kept(LiveRun live) =>
        live.Ledger.Retained.FirstOrDefault(kept => kept.Index == live.Candidate.Index)
        ?? throw await CandidateIndex.Lost(live, "is not kept any more");

    private static async Task Pass(LiveRun live, VerifiedNumbers numbers, (string Code, string Message)? flaw)
    {
        var verified = live.Candidate with { Verified = numbers };
        if (flaw is { } wrong)
        {
            live.Note(live.Ledger with { Candidate = verified });
            throw Fail(wrong.Code, wrong.Message);
        }

        await live.Save(verified with { Step = UpdateStep.Approve });
    }

    private static async Task<ImmutableSortedDictionary<string, long>> Hits(LiveRun live)
    {
        var hits = NoHits;
        foreach (var query in live.Spec.Verify.Queries)
        {
            var answer = await live.Cluster.Search(live.Candidate.Index, Encoding.UTF8.GetBytes(query.Body.GetRawText()), live.Budget);
            if (answer.Refusal is { } refusal)
            {
                throw Fail(DatasetCodes.SmokeQueryRefused, $"The cluster cannot read the smoke query {query.Name}: {refusal}");
            }

            hits = hits.SetItem(query.Name, answer.Hits);
        }

        return hits;
    }
}
