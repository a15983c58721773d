using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Brings everything that follows from the rest of the state up to date. Pure.</summary>
internal static class SearchClusterJudgement
{
    /// <summary>The user's word that another cluster behind the endpoints is right.</summary>
    public const string AcceptUuidAnnotation = Manifest.AnnotationPrefix + "accept-cluster-uuid";

    /// <summary>Clusters have 22 characters; a value that none can have is passed over, it would be part of every record.</summary>
    private const int MaxUuid = 64;

    public static ResourceState<SearchClusterWork> Of(
        ResourceState<SearchClusterWork> state, Schedule? schedule, DateTimeOffset now)
    {
        var pinned = state.Manifest?.Annotations.GetValueOrDefault(AcceptUuidAnnotation) is { Length: > 0 and <= MaxUuid } accepted
            ? accepted
            : state.Work.PinnedUuid;
        var (verdict, reason, message) = SearchClusterVerdict.Of(state, schedule, now);
        var before = state.Work;
        var judged = state with
        {
            Work = before with { PinnedUuid = pinned, Verdict = verdict, Reason = reason, Message = message },
        };
        if (verdict != before.Verdict)
        {
            judged = judged.Append(Transition(judged, before, now));
        }

        judged = judged with { Conditions = SearchClusterConditions.Of(judged, schedule, now) };
        return judged with { Summary = SearchClusterStatus.Summary(judged, schedule) };
    }

    public static HistoryTarget Target(ResourceState<SearchClusterWork> state) => new(
        state.Kind,
        state.Manifest?.Namespace ?? "",
        state.Manifest?.Name ?? "",
        state.Uid,
        state.Work.PinnedUuid,
        state.Work.Answer?.Identity?.Engine,
        state.Work.Answer?.Identity?.Version);

    private static HistoryRecord Transition(
        ResourceState<SearchClusterWork> judged, SearchClusterWork before, DateTimeOffset now) => new()
        {
            Record = RecordKind.Transition,
            Target = Target(judged),
            StartedAt = now,
            FinishedAt = now,
            Outcome = "Changed",
            Verdict = judged.Work.Verdict.ToString(),
            From = before.Verdict.ToString(),
            To = judged.Work.Verdict.ToString(),
            Reason = judged.Work.Reason,
        };
}
