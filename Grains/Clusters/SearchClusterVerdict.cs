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
            Verdict.Unknown when answer is not null => (verdict, Stale, LastAnswer(answer, worst)),
            Verdict.Unknown => (verdict, worst?.Code ?? AwaitingFirstCheck, worst?.Message ?? "The first check has not ended yet."),
            _ when worst is { Severity: not Severity.Info } => (verdict, worst.Code, worst.Message),
            _ => (verdict, AllChecksPassed, ""),
        };
    }

    /// <summary>Since when nobody knows, and why.</summary>
    private static string LastAnswer(CheckOutcome answer, Finding? worst) =>
        $"No answer since {answer.FinishedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}. {worst?.Message}".TrimEnd();
}
