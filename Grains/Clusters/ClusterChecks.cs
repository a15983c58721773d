using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Decides one thing from facts already gathered. Pure: no clock, no network, no logger.</summary>
internal delegate IEnumerable<Finding> ClusterCheck(CheckInput input);

/// <summary>Every check there is, and the judgement they add up to.</summary>
public static class ClusterChecks
{
    /// <summary>The most findings of one check; the least severe are left out first.</summary>
    public const int MaxFindings = 50;

    /// <summary>In the order in which findings of one severity appear.</summary>
    private static readonly ImmutableArray<ClusterCheck> InOrder =
    [
        ReachabilityChecks.SecretsAreUsable,
        ReachabilityChecks.AnEndpointAnswers,
        IdentityChecks.TheClusterIsThePinnedOne,
        IdentityChecks.TheClusterHasFormed,
        IdentityChecks.EndpointsBelongTogether,
        IdentityChecks.TheEngineIsTheExpectedOne,
        IdentityChecks.TheVersionIsSupported,
        IdentityChecks.TheFlavourTellsItsHealth,
        HealthChecks.AClusterManagerIsElected,
        HealthChecks.NoShardIsMissing,
        HealthChecks.EveryNodeAnswers,
        DiskChecks.DisksAreUnderTheirWatermarks,
        DiskChecks.WatermarksAreEnforced,
        ReachabilityChecks.EveryStepIsAnswered,
    ];

    /// <summary>Of another cluster than the pinned one only this is said: its health is not what was asked for.</summary>
    private static readonly ImmutableArray<ClusterCheck> OfAnotherCluster =
    [
        IdentityChecks.TheClusterIsThePinnedOne,
        ReachabilityChecks.AnEndpointAnswers,
    ];

    /// <summary>What the facts say of the cluster.</summary>
    /// <param name="pinnedClusterUuid">Of the first answer, or as accepted since by annotation; null before the first.</param>
    /// <param name="now">When the check ended.</param>
    public static CheckOutcome Judge(
        SearchClusterSpec spec, ClusterFacts facts, string? pinnedClusterUuid, DateTimeOffset now)
    {
        var input = new CheckInput(spec, facts, pinnedClusterUuid);
        var checks = input.AnotherCluster ? OfAnotherCluster : InOrder;
        ImmutableArray<Finding> findings =
        [
            .. checks.SelectMany(check => check(input)).OrderByDescending(finding => finding.Severity).Take(MaxFindings),
        ];

        return new CheckOutcome
        {
            FinishedAt = now,
            Answered = facts.HealthFacts is not null || findings.Any(finding => finding.Severity is Severity.Critical),
            CredentialsValid = !input.Failed(StepOutcome.Unauthorized) && facts.Credentials.Outcome is not StepOutcome.SecretUnusable,
            Findings = findings,
            Identity = facts.Identity,
            Health = input.AnotherCluster ? null : facts.HealthFacts?.Status,
            Metrics = input.AnotherCluster ? FactMetrics.None : FactMetrics.Of(facts),
            Endpoint = facts.Endpoint,
        };
    }
}
