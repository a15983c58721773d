using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>From findings to a verdict.</summary>
public static class Verdicts
{
    /// <summary>The verdict of an answered check: as bad as its worst finding.</summary>
    public static Verdict Worst(IEnumerable<Finding> findings) =>
        findings.Select(finding => finding.Severity).DefaultIfEmpty(Severity.Info).Max() switch
        {
            Severity.Critical => Verdict.Critical,
            Severity.Warning => Verdict.Degraded,
            _ => Verdict.Healthy,
        };

    /// <summary>
    /// The verdict to show at <paramref name="now"/>. A check without an answer changes nothing until the last answer is
    /// stale; from then on nobody knows.
    /// </summary>
    /// <param name="lastAnswered"><see cref="Worst"/> of the last check that was answered; null before the first.</param>
    /// <param name="lastAnsweredAt">When that check ended.</param>
    public static Verdict Of(
        bool suspended, Verdict? lastAnswered, DateTimeOffset? lastAnsweredAt, TimeSpan staleAfter, DateTimeOffset now) =>
        (suspended, lastAnswered, lastAnsweredAt) switch
        {
            (true, _, _) => Verdict.Suspended,
            (_, { } verdict, { } at) when now - at < staleAfter => verdict,
            _ => Verdict.Unknown,
        };
}
