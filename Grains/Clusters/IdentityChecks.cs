using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Is it the cluster we think it is?</summary>
internal static class IdentityChecks
{
    public static IEnumerable<Finding> TheClusterIsThePinnedOne(CheckInput input)
    {
        if (input.AnotherCluster)
        {
            var seen = input.Facts.Identity!;
            yield return CheckInput.Finding(
                FindingCodes.ClusterUuidChanged,
                Severity.Critical,
                $"Another cluster answers: {seen.ClusterName} with cluster_uuid {seen.ClusterUuid} instead of {input.PinnedClusterUuid}. "
                + "Nothing else is judged. Correct spec.endpoints, or if it is meant: "
                + $"kubectl annotate --overwrite clustergrains.io/accept-cluster-uuid={seen.ClusterUuid}",
                input.Facts.Endpoint ?? "");
        }
    }

    public static IEnumerable<Finding> TheClusterHasFormed(CheckInput input)
    {
        if (input.Facts.Identity is { ClusterUuid: null })
        {
            yield return CheckInput.Finding(
                FindingCodes.ClusterNotFormed,
                Severity.Critical,
                "The node that answers has never joined a cluster (cluster_uuid _na_). Look at its log and at the settings for "
                + "discovery and the initial cluster manager nodes.",
                input.Facts.Endpoint ?? "");
        }
    }

    public static IEnumerable<Finding> EndpointsBelongTogether(CheckInput input) =>
        from failure in input.Facts.PassedOver
        where failure.Identity?.ClusterUuid is { } other
            && input.Facts.Identity?.ClusterUuid is { } ours
            && other != ours
        select CheckInput.Finding(
            FindingCodes.EndpointsDisagree,
            Severity.Warning,
            $"{failure.Endpoint} is another cluster ({failure.Identity!.ClusterName}, {failure.Identity.ClusterUuid}) than "
            + $"{input.Facts.Endpoint} ({input.Facts.Identity!.ClusterName}, {input.Facts.Identity.ClusterUuid}). "
            + "Write only endpoints of one cluster in spec.endpoints.",
            failure.Endpoint);

    public static IEnumerable<Finding> TheEngineIsTheExpectedOne(CheckInput input)
    {
        if (input.Facts.Identity is { } identity
            && input.Spec.Engine is not Engine.Auto
            && identity.Engine != input.Spec.Engine.ToString())
        {
            yield return CheckInput.Finding(
                FindingCodes.EngineMismatch,
                Severity.Warning,
                $"{identity.Engine} {identity.Version} answers, but spec.engine says {input.Spec.Engine}. Correct spec.engine or "
                + "spec.endpoints.",
                input.Facts.Endpoint ?? "");
        }
    }

    public static IEnumerable<Finding> TheFlavourTellsItsHealth(CheckInput input)
    {
        if (input.Facts is { Serverless: true, HealthFacts: null })
        {
            yield return CheckInput.Finding(
                FindingCodes.ServerlessNotJudged,
                Severity.Warning,
                "This is a serverless Elasticsearch, which tells nobody its health, nodes and disks: its verdict stays Unknown. Watch it "
                + "with its vendor's tools and delete this resource.",
                input.Facts.Endpoint ?? "");
        }
    }

    public static IEnumerable<Finding> TheVersionIsSupported(CheckInput input)
    {
        if (input.Facts.Identity is not { } identity)
        {
            yield break;
        }

        var (oldest, newest) = input.Engine is Engine.OpenSearch ? (1, 3) : (7, 9);
        if (input.Version is not { } version)
        {
            yield return CheckInput.Finding(
                FindingCodes.VersionUntested,
                Severity.Info,
                $"{identity.Engine} says version '{identity.Version}', which is not understood; it is treated like {newest}.x.");
        }
        else if (version.Major < oldest)
        {
            yield return CheckInput.Finding(
                FindingCodes.VersionUnsupported,
                Severity.Warning,
                $"{identity.Engine} {identity.Version} is older than what is supported ({oldest}.x to {newest}.x), so some of this may "
                + "be wrong. Upgrade the cluster.");
        }
        else if (version.Major > newest)
        {
            yield return CheckInput.Finding(
                FindingCodes.VersionUntested,
                Severity.Info,
                $"{identity.Engine} {identity.Version} is newer than what was tested ({oldest}.x to {newest}.x), so some of this may be "
                + "wrong. Upgrade the operator when it supports it.");
        }
    }
}
