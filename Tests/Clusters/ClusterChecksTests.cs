using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

public sealed class ClusterChecksTests
{
    [Fact]
    public void A_cluster_with_nothing_wrong_has_no_findings_and_all_its_numbers()
    {
        var outcome = Judge(Facts.Healthy);

        Assert.Empty(outcome.Findings);
        Assert.True(outcome.Answered);
        Assert.True(outcome.CredentialsValid);
        Assert.Equal(Verdict.Healthy, Verdicts.Worst(outcome.Findings));
        Assert.Equal("green", outcome.Health);
        Assert.Equal(Facts.Elasticsearch8, outcome.Identity);
        Assert.Equal(Facts.Endpoint, outcome.Endpoint);
        Assert.Equal(Facts.Now, outcome.FinishedAt);
        Assert.Equal(3, outcome.Metrics[FactNames.Nodes]);
        Assert.Equal(8, outcome.Metrics[FactNames.Shards]);
        Assert.Equal(40, outcome.Metrics[FactNames.DiskMaxUsedPercent]);
        Assert.Equal(3000.0 * Facts.GiB, outcome.Metrics[FactNames.DiskTotalBytes]);
        Assert.Equal(50, outcome.Metrics[FactNames.HeapMaxUsedPercent]);
    }

    public static TheoryData<string, ClusterFacts, string, Severity, string> OfTheCluster()
    {
        var healthy = Facts.Healthy;
        return new()
        {
            { "red", healthy with { HealthFacts = Facts.Green with { Status = "red", Unassigned = 7, UnassignedPrimaries = 2 } },
                FindingCodes.StatusRed, Severity.Critical, "7 shards unassigned (2 of them primaries)" },
            { "yellow", healthy with { HealthFacts = Facts.Green with { Status = "yellow", Unassigned = 4 } },
                FindingCodes.StatusYellow, Severity.Warning, "4 shards unassigned" },
            { "yellow on one data node", healthy with { HealthFacts = Facts.Green with { Status = "yellow", Unassigned = 4, DataNodes = 1 } },
                FindingCodes.SettledYellow, Severity.Info, "4 replica shards can never be placed" },
            { "yellow on one data node while shards start", healthy with
                { HealthFacts = Facts.Green with { Status = "yellow", Unassigned = 4, DataNodes = 1, Initializing = 1 } },
                FindingCodes.StatusYellow, Severity.Warning, "1 initializing" },
            { "shards on the move", healthy with { HealthFacts = Facts.Green with { Relocating = 2 } },
                FindingCodes.ShardsMoving, Severity.Info, "2 relocating" },
            { "no manager, said in the health", healthy with { HealthFacts = Facts.Green with { ClusterManagerDiscovered = false } },
                FindingCodes.NoClusterManager, Severity.Critical, "No cluster manager" },
            { "no manager, said by 503", healthy with
                { Health = new(StepOutcome.NoClusterManager, 503), HealthFacts = null, Settings = new(StepOutcome.NoClusterManager, 503) },
                FindingCodes.NoClusterManager, Severity.Critical, "No cluster manager" },
            { "no manager at any endpoint", Facts.Unreached(new(StepOutcome.NoClusterManager, 503)),
                FindingCodes.NoClusterManager, Severity.Critical, "No cluster manager" },
            { "nodes that do not answer", healthy with { NodesFacts = healthy.NodesFacts! with { Failed = 2 } },
                FindingCodes.NodesNotAnswering, Severity.Warning, "2 of 5 nodes" },
            { "not formed", healthy with { Identity = Facts.Elasticsearch8 with { ClusterUuid = null } },
                FindingCodes.ClusterNotFormed, Severity.Critical, "_na_" },
            { "an old version", healthy with { Identity = Facts.Elasticsearch8 with { Version = "6.8.23" } },
                FindingCodes.VersionUnsupported, Severity.Warning, "Elasticsearch 6.8.23 is older" },
            { "a new version", healthy with { Identity = Facts.OpenSearch2 with { Version = "4.0.0-SNAPSHOT" } },
                FindingCodes.VersionUntested, Severity.Info, "OpenSearch 4.0.0-SNAPSHOT is newer" },
            { "a version that is none", healthy with { Identity = Facts.OpenSearch2 with { Version = "next" } },
                FindingCodes.VersionUntested, Severity.Info, "not understood" },
            { "watermarks switched off", healthy with { ClusterSettings = Facts.Settings([("threshold_enabled", "false")], Facts.Defaults) },
                FindingCodes.WatermarksDisabled, Severity.Warning, "threshold_enabled" },
        };
    }

    public static TheoryData<string, ClusterFacts, string, Severity, string> OfOneStep()
    {
        var healthy = Facts.Healthy;
        return new()
        {
            { "403 to node stats", healthy with { NodeStats = new(StepOutcome.Forbidden, 403), NodesFacts = null },
                FindingCodes.PermissionMissing, Severity.Warning, "cluster privilege monitor" },
            { "403 to settings of OpenSearch", healthy with
                { Identity = Facts.OpenSearch2, Settings = new(StepOutcome.Forbidden, 403), ClusterSettings = null },
                FindingCodes.PermissionMissing, Severity.Info, "lacks cluster_monitor" },
            { "403 to the identity", healthy with { Identify = new(StepOutcome.Forbidden, 403), Identity = null },
                FindingCodes.PermissionMissing, Severity.Warning, "GET /: the user lacks" },
            { "404 to node stats", healthy with { NodeStats = new(StepOutcome.NotSupported, 404), NodesFacts = null },
                FindingCodes.RequestNotSupported, Severity.Info, "Disks are not judged." },
            { "429 to settings", healthy with { Settings = new(StepOutcome.Throttled, 429), ClusterSettings = null },
                FindingCodes.Throttled, Severity.Info, "429" },
            { "node stats too late", healthy with
                { NodeStats = new(StepOutcome.Timeout, Detail: "within spec.schedule.requestTimeout of 10s"), NodesFacts = null },
                FindingCodes.RequestTimedOut, Severity.Warning, "within spec.schedule.requestTimeout of 10s" },
            { "node stats too large", healthy with { NodeStats = new(StepOutcome.TooLarge, 200, "over 16 MiB"), NodesFacts = null },
                FindingCodes.AnswerTooLarge, Severity.Warning, "over 16 MiB" },
            { "a serverless flavour", healthy with { Serverless = true, Health = StepResult.NotAsked, HealthFacts = null },
                FindingCodes.ServerlessNotJudged, Severity.Warning, "delete this resource" },
        };
    }

    public static TheoryData<string, ClusterFacts, string, Severity, string> OfReachability()
    {
        return new()
        {
            { "a name that does not resolve", Facts.Unreached(new(StepOutcome.Dns, Detail: "no such name")),
                FindingCodes.NameNotResolved, Severity.Warning, "https://logs:9200 has a name that does not resolve (no such name)" },
            { "nobody listens", Facts.Unreached(new(StepOutcome.Connect, Detail: "10.0.0.7:9200: connection refused")),
                FindingCodes.ConnectionFailed, Severity.Warning, "10.0.0.7:9200: connection refused" },
            { "a guarded address", Facts.Unreached(new(StepOutcome.Refused, Detail: "169.254.169.254: link-local")),
                FindingCodes.AddressRefused, Severity.Warning, "169.254.169.254: link-local" },
            { "an untrusted certificate", Facts.Unreached(new(StepOutcome.Tls, Detail: "UntrustedRoot")),
                FindingCodes.TlsFailed, Severity.Warning, "spec.tls.caSecretRef.name" },
            { "a redirect", Facts.Unreached(new(StepOutcome.UnexpectedStatus, 302)),
                FindingCodes.UnexpectedStatus, Severity.Warning, "Redirects are never followed" },
            { "a broken proxy", Facts.Unreached(new(StepOutcome.UnexpectedStatus, 502)),
                FindingCodes.UnexpectedStatus, Severity.Warning, "answered 502 to GET /" },
            { "HTML", Facts.Unreached(new(StepOutcome.BadBody, 200, "not JSON")),
                FindingCodes.BadAnswer, Severity.Warning, "login page" },
            { "wrong credentials", Facts.Healthy with
                {
                    Identify = new(StepOutcome.Unauthorized, 401), Identity = null, Health = StepResult.NotAsked, HealthFacts = null,
                    NodeStats = StepResult.NotAsked, NodesFacts = null, Settings = StepResult.NotAsked, ClusterSettings = null,
                },
                FindingCodes.Unauthorized, Severity.Warning, "it wants credentials" },
            { "a Secret that is not there", new() { Credentials = new(StepOutcome.SecretUnusable, Detail: "spec.auth.basic.secretRef.name 'x': none.") },
                FindingCodes.SecretUnusable, Severity.Warning, "spec.auth.basic.secretRef.name 'x'" },
            { "a Secret that nobody hands out", new() { Credentials = new(StepOutcome.SecretUnreadable, Detail: "503 from the API server.") },
                FindingCodes.SecretUnreadable, Severity.Warning, "503 from the API server." },
        };
    }

    [Theory]
    [MemberData(nameof(OfTheCluster))]
    [MemberData(nameof(OfOneStep))]
    [MemberData(nameof(OfReachability))]
    public void One_thing_wrong_is_one_finding_with_the_numbers_and_the_cure(
        string what, ClusterFacts facts, string code, Severity severity, string says)
    {
        Assert.NotEmpty(what);
        var finding = Assert.Single(Judge(facts).Findings);

        Assert.Equal(code, finding.Code);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        Assert.Contains(severity.ToString(), FindingsPage.Row(code).Severity, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_uuid_than_the_pinned_one_is_critical_and_nothing_else_is_said_of_the_stranger()
    {
        var facts = Facts.Healthy with
        {
            Identity = Facts.Elasticsearch8 with { ClusterUuid = "another" },
            HealthFacts = Facts.Green with { Status = "red" },
        };

        var outcome = ClusterChecks.Judge(Facts.Spec, facts, Facts.Uuid, Facts.Now);

        var finding = Assert.Single(outcome.Findings);
        Assert.Equal(FindingCodes.ClusterUuidChanged, finding.Code);
        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.Contains("cluster_uuid another instead of " + Facts.Uuid, finding.Message, StringComparison.Ordinal);
        Assert.Contains("clustergrains.io/accept-cluster-uuid=another", finding.Message, StringComparison.Ordinal);
        Assert.True(outcome.Answered);
        Assert.Null(outcome.Health);
        Assert.Empty(outcome.Metrics);
    }

    [Fact]
    public void The_pinned_uuid_is_fine_and_without_a_pin_any_is() =>
        Assert.All<string?>([Facts.Uuid, null], pin => Assert.Empty(ClusterChecks.Judge(Facts.Spec, Facts.Healthy, pin, Facts.Now).Findings));

    [Theory]
    [InlineData(Engine.OpenSearch, 1)]
    [InlineData(Engine.Elasticsearch, 0)]
    [InlineData(Engine.Auto, 0)]
    public void Only_a_named_engine_can_be_the_wrong_one(Engine wanted, int findings)
    {
        var outcome = ClusterChecks.Judge(Facts.Spec with { Engine = wanted }, Facts.Healthy, null, Facts.Now);

        Assert.Equal(findings, outcome.Findings.Count(finding => finding.Code == FindingCodes.EngineMismatch));
    }

    [Fact]
    public void Refused_credentials_name_the_Secret_and_are_invalid()
    {
        var spec = Facts.Spec with { Auth = new() { Basic = new() { SecretRef = new() { Name = "logs-monitor" } } } };

        var outcome = ClusterChecks.Judge(spec, Facts.Unreached(new(StepOutcome.Unauthorized, 401)), null, Facts.Now);

        Assert.False(outcome.CredentialsValid);
        Assert.False(outcome.Answered);
        Assert.Contains("Secret logs-monitor", Assert.Single(outcome.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Secret_that_nobody_hands_out_says_nothing_of_the_credentials() =>
        Assert.True(Judge(new() { Credentials = new(StepOutcome.SecretUnreadable) }).CredentialsValid);

    [Fact]
    public void An_endpoint_that_fails_while_another_answers_is_only_worth_knowing()
    {
        var facts = Facts.Healthy with
        {
            PassedOver =
            [
                new("https://a", Step.Identify, new(StepOutcome.Dns)),
                new("https://b", Step.Health, new(StepOutcome.NoClusterManager, 503)),
            ],
        };

        var outcome = Judge(facts);

        Assert.Equal(["https://a", "https://b"], outcome.Findings.Select(finding => finding.Object));
        Assert.All(outcome.Findings, finding => Assert.Equal(Severity.Info, finding.Severity));
    }

    [Fact]
    public void Endpoints_of_different_clusters_are_noticed_when_seen()
    {
        var other = new ClusterIdentity("OpenSearch", "2.19.1", "metrics", "another");
        var facts = Facts.Healthy with
        {
            PassedOver = [new("https://b", Step.Health, new(StepOutcome.Timeout), other)],
        };

        var finding = Judge(facts).Findings[0];

        Assert.Equal((FindingCodes.EndpointsDisagree, Severity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("https://b is another cluster (metrics, another)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_health_a_check_is_not_answered_whatever_else_is_known()
    {
        var outcome = Judge(Facts.Healthy with { Health = new(StepOutcome.Forbidden, 403), HealthFacts = null });

        Assert.False(outcome.Answered);
        Assert.Equal(FindingCodes.PermissionMissing, Assert.Single(outcome.Findings).Code);
    }

    [Fact]
    public void The_worst_comes_first()
    {
        var facts = (Facts.Healthy with
        {
            HealthFacts = Facts.Green with { Status = "yellow", Unassigned = 1 },
            Settings = new(StepOutcome.Forbidden, 403),
        }).With(Facts.Node("data-0", 96), Facts.Node("data-1", 86));

        Assert.Equal(
            [FindingCodes.DiskFlood, FindingCodes.StatusYellow, FindingCodes.DiskLow, FindingCodes.PermissionMissing],
            Judge(facts with { ClusterSettings = null, Identity = Facts.OpenSearch2 }).Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void Findings_are_bounded()
    {
        var endpoints = Enumerable.Range(0, 200).Select(i => new EndpointFailure($"https://{i}", Step.Identify, new(StepOutcome.Dns)));

        Assert.Equal(ClusterChecks.MaxFindings, Judge(new ClusterFacts { PassedOver = [.. endpoints] }).Findings.Length);
    }

    private static CheckOutcome Judge(ClusterFacts facts) => ClusterChecks.Judge(Facts.Spec, facts, null, Facts.Now);
}
