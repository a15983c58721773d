using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>What is said of a cluster, from what is remembered and the time. Pure.</summary>
internal static class SearchClusterVerdict
{
    public const string AllChecksPassed = nameof(AllChecksPassed);
    public const string AwaitingFirstCheck = nameof(AwaitingFirstCheck);
    public const string Stale = nameof(Stale);
    public const string Suspended = nameof(Suspended);
    public const string SpecRefused = nameof(SpecRefused);

    public static (Verdict Verdict, string Reason, string Message) Of(
        ResourceState<SearchClusterWork> state, Schedule? schedule, DateTimeOffset now)
    {
        var work = state.Work;
        if (schedule is null)
        {
            return (Verdict.Unknown, SpecRefused, state.Problems.IsDefaultOrEmpty ? "" : state.Problems[0].ToString());
        }

        var answer = work.Answer;
        var verdict = Verdicts.Of(
            schedule.Suspended, answer is null ? null : Verdicts.Worst(answer.Findings), answer?.FinishedAt, schedule.StaleAfter, now);
        var worst = work.Findings.FirstOrDefault()?.Finding;
        return verdict switch
        {
            Verdict.Suspended => (verdict, Suspended, "spec.suspend is true; no checks run."),
            Verdict.Unknown when answer is not null => (verdict, Cause(work)?.Code ?? Stale, LastAnswer(answer, Cause(work))),
            Verdict.Unknown => (verdict, worst?.Code ?? AwaitingFirstCheck, worst?.Message ?? "The first check has not ended yet."),
            _ when worst is { Severity: not Severity.Info } => (verdict, worst.Code, worst.Message),
            _ => (verdict, AllChecksPassed, ""),
        };
    }

    /// <summary>Why nobody answers; null when the last check was answered but is long ago.</summary>
    private static Finding? Cause(SearchClusterWork work) =>
        work.Attempt is { Answered: false } ? work.Findings.FirstOrDefault()?.Finding : null;

    private static string LastAnswer(CheckOutcome answer, Finding? cause) =>
        $"No answer since {ResourceStatus.Time(answer.FinishedAt)}. {cause?.Message}".TrimEnd();
}
