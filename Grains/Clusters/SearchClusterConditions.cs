using System.Collections.Immutable;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Clusters;

/// <summary>The conditions of a SearchCluster (design: Ready means accepted, reachable and fresh, not healthy).</summary>
internal static class SearchClusterConditions
{
    public static ImmutableArray<Condition> Of(ResourceState<SearchClusterWork> state, Schedule? schedule, DateTimeOffset now)
    {
        var accepted = Accepted(state);
        var reachable = Reachable(state.Work);
        return Condition.Merge(
            state.Conditions,
            Stamp(Ready(state, schedule, accepted, reachable)),
            Stamp(accepted),
            Stamp(reachable),
            Stamp(Credentials(state.Work)),
            Stamp(Healthy(state.Work)),
            Stamp(state.HistoryWritten()));

        Condition Stamp((string Type, string Status, string Reason, string Message) condition) => new(
            condition.Type, condition.Status, condition.Reason, condition.Message, now, state.Manifest?.Generation ?? 0);
    }

    private static (string, string, string, string) Ready(
        ResourceState<SearchClusterWork> state,
        Schedule? schedule,
        (string Type, string Status, string Reason, string Message) accepted,
        (string Type, string Status, string Reason, string Message) reachable) => state.Work switch
        {
            _ when accepted.Status is not Condition.True => ("Ready", Condition.False, accepted.Reason, accepted.Message),
            _ when schedule is { Suspended: true } =>
                ("Ready", Condition.False, SearchClusterVerdict.Suspended, "spec.suspend is true."),
            _ when reachable.Status is not Condition.True => ("Ready", reachable.Status, reachable.Reason, reachable.Message),
            { Verdict: Verdict.Unknown } work => ("Ready", Condition.Unknown, work.Reason, work.Message),
            _ => ("Ready", Condition.True, "AcceptedAndAnswering", "The spec is accepted and the cluster answers."),
        };

    private static (string Type, string Status, string Reason, string Message) Accepted(
        ResourceState<SearchClusterWork> state) => state.Problems.IsEmpty
            ? ("Accepted", Condition.True, "SpecAccepted", "")
            : ("Accepted", Condition.False, SearchClusterVerdict.SpecRefused, state.ProblemText());

    private static (string Type, string Status, string Reason, string Message) Reachable(SearchClusterWork work) =>
        work.Attempt switch
        {
            null => ("Reachable", Condition.Unknown, SearchClusterVerdict.AwaitingFirstCheck, ""),
            { Answered: true } when IsOld(work) => ("Reachable", Condition.Unknown, work.Reason, work.Message),
            { Answered: true } => ("Reachable", Condition.True, "ClusterAnswers", ""),
            { Findings: [var worst, ..] } => ("Reachable", Condition.False, worst.Code, worst.Message),
            _ => ("Reachable", Condition.False, "NoAnswer", ""),
        };

    /// <summary>Whether even a good answer says nothing any more: it is stale, or no checks run.</summary>
    private static bool IsOld(SearchClusterWork work) => work.Verdict is Verdict.Unknown or Verdict.Suspended;

    private static (string, string, string, string) Credentials(SearchClusterWork work) => work.Attempt switch
    {
        { CredentialsValid: false } refused => (
            "CredentialsValid", Condition.False, "CredentialsRefused", refused.Findings.FirstOrDefault()?.Message ?? ""),
        { Answered: true } when IsOld(work) => ("CredentialsValid", Condition.Unknown, work.Reason, work.Message),
        { Answered: true } => ("CredentialsValid", Condition.True, "CredentialsWork", ""),
        _ => ("CredentialsValid", Condition.Unknown, "NotAsked", ""),
    };

    private static (string, string, string, string) Healthy(SearchClusterWork work) => work.Verdict switch
    {
        Verdict.Healthy => ("Healthy", Condition.True, work.Reason, work.Message),
        Verdict.Degraded or Verdict.Critical => ("Healthy", Condition.False, work.Reason, work.Message),
        _ => ("Healthy", Condition.Unknown, work.Reason, work.Message),
    };
}
