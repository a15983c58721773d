using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

public sealed class VerdictsTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(15);

    [Theory]
    [InlineData(Verdict.Healthy)]
    [InlineData(Verdict.Healthy, Severity.Info)]
    [InlineData(Verdict.Degraded, Severity.Info, Severity.Warning)]
    [InlineData(Verdict.Critical, Severity.Warning, Severity.Critical, Severity.Info)]
    public void A_verdict_is_as_bad_as_the_worst_finding(Verdict verdict, params Severity[] severities) =>
        Assert.Equal(verdict, Verdicts.Worst(severities.Select(severity => CheckInput.Finding("Code", severity, "Message."))));

    [Theory]
    [InlineData(0, Verdict.Degraded)]
    [InlineData(14.9, Verdict.Degraded)]
    [InlineData(15, Verdict.Unknown)]
    [InlineData(-60, Verdict.Degraded)]
    public void The_last_answer_stands_until_it_is_stale(double minutesAgo, Verdict verdict) =>
        Assert.Equal(verdict, Verdicts.Of(
            false, Verdict.Degraded, Facts.Now - TimeSpan.FromMinutes(minutesAgo), StaleAfter, Facts.Now));

    [Fact]
    public void Before_the_first_answer_nobody_knows() =>
        Assert.Equal(Verdict.Unknown, Verdicts.Of(false, null, null, StaleAfter, Facts.Now));

    [Fact]
    public void Suspended_goes_over_everything() =>
        Assert.Equal(Verdict.Suspended, Verdicts.Of(true, Verdict.Critical, Facts.Now, StaleAfter, Facts.Now));
}
