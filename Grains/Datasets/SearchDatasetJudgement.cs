using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Brings everything that follows from the rest of the state up to date. Pure.</summary>
internal static class SearchDatasetJudgement
{
    public static ResourceState<SearchDatasetWork> Of(
        ResourceState<SearchDatasetWork> state, SearchDatasetSpec? spec, Schedule? schedule, DateTimeOffset now)
    {
        var before = state.Work;
        var judged = state with
        {
            Claim = before.Ledger.Claim,
            Work = before with { Findings = DatasetFindings.Of(new DatasetView(state, spec, schedule, now)) },
        };
        var (phase, reason, message) = DatasetVerdict.Of(new DatasetView(judged, spec, schedule, now));
        judged = judged with { Work = judged.Work with { Phase = phase, Reason = reason, Message = message } };
        if (phase != before.Phase)
        {
            judged = judged.Append(Transition(judged, before, now));
        }

        judged = judged with { Conditions = DatasetConditions.Of(new DatasetView(judged, spec, schedule, now)) };
        return judged with { Summary = SearchDatasetStatus.Summary(judged, schedule) };
    }

    public static HistoryTarget Target(ResourceState<SearchDatasetWork> state) => new(
        state.Kind,
        state.Manifest?.Namespace ?? "",
        state.Manifest?.Name ?? "",
        state.Uid,
        state.Work.Ledger.ClusterUuid,
        state.Work.Ledger.Engine,
        state.Work.Ledger.EngineVersion);

    private static HistoryRecord Transition(
        ResourceState<SearchDatasetWork> judged, SearchDatasetWork before, DateTimeOffset now) => new()
        {
            Record = RecordKind.Transition,
            RunId = judged.Run?.RunId,
            Target = Target(judged),
            StartedAt = now,
            FinishedAt = now,
            Outcome = "Changed",
            Verdict = judged.Work.Phase.ToString(),
            From = before.Phase.ToString(),
            To = judged.Work.Phase.ToString(),
            Reason = judged.Work.Reason,
        };
}
