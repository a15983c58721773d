using System.Collections.Immutable;
using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Resources;

/// <summary>What the pretend probe can report.</summary>
internal static class Facts
{
    public static ClusterFacts Green(string uuid = "uuid-1") => new()
    {
        Endpoint = "http://search.test:9200",
        Identify = StepResult.Ok,
        Health = StepResult.Ok,
        NodeStats = StepResult.Ok,
        Settings = StepResult.Ok,
        Identity = new ClusterIdentity("OpenSearch", "2.19.1", "logs", uuid),
        HealthFacts = new HealthFacts("green") { Nodes = 3, DataNodes = 3, ActiveShards = 12, Unassigned = 0 },
        NodesFacts = new NodesFacts([new NodeFacts("data-0", HoldsData: true, 1000, 600)]),
        ClusterSettings = new ClusterSettings(ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty),
    };

    public static ClusterFacts Red() => Green() with { HealthFacts = new HealthFacts("red") { Nodes = 3, Unassigned = 2 } };

    public static ClusterFacts Refused() => new()
    {
        PassedOver =
        [
            new EndpointFailure("http://search.test:9200", Step.Identify, new StepResult(StepOutcome.Connect, 0, "refused")),
        ],
    };
}
