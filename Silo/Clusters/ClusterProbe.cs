using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>
/// Asks a search cluster over its REST API. One request at a time; endpoints in the order of the spec, beginning with the
/// one that answered last; an endpoint that says who it is and how it is will do for the rest.
/// </summary>
internal sealed class ClusterProbe(ISecretStore secrets, ClusterConnections connections, ProbeInstruments instruments)
    : IClusterProbe
{
    private const int MaxRemembered = 20_000;

    private readonly RecentlyUsed<string, string> _answeredLast = new(MaxRemembered);

    public async Task<ClusterFacts> Probe(
        string resourceNamespace, SearchClusterSpec spec, CancellationToken cancellationToken)
    {
        var (credentials, result) = await Credentials.Read(secrets, resourceNamespace, spec, cancellationToken);
        if (credentials is null)
        {
            return new ClusterFacts { Credentials = result };
        }

        using var session = new ClusterSession(
            connections.For(credentials.Trust), credentials, spec.Schedule, instruments, cancellationToken);
        var place = $"{resourceNamespace} {string.Join(' ', spec.Endpoints)}";
        var visits = await Visit(session, spec, place);
        var chosen = visits.Find(visit => visit.HealthFacts is not null)
            ?? visits.Find(visit => !visit.ShouldMoveOn)
            ?? visits.Find(visit => visit.Identity is not null);
        if (chosen is null)
        {
            return new ClusterFacts { PassedOver = [.. visits.Select(visit => visit.Failure)] };
        }

        _answeredLast.Set(place, chosen.Endpoint);
        return await Complete(session, chosen, [.. visits.Where(visit => visit != chosen).Select(visit => visit.Failure)]);
    }

    /// <summary>Visits endpoints until one of them will do; the last visit is that one, if any is.</summary>
    private async Task<List<EndpointVisit>> Visit(ClusterSession session, SearchClusterSpec spec, string place)
    {
        var visits = new List<EndpointVisit>();
        var first = _answeredLast.TryGet(place, out var answeredLast) ? answeredLast : null;
        foreach (var endpoint in spec.Endpoints.OrderBy(endpoint => endpoint != first))
        {
            var visit = await EndpointVisit.Make(session, endpoint, spec.Engine);
            visits.Add(visit);
            if (!visit.ShouldMoveOn)
            {
                break;
            }
        }

        return visits;
    }

    private static async Task<ClusterFacts> Complete(
        ClusterSession session, EndpointVisit chosen, IEnumerable<EndpointFailure> passedOver)
    {
        var facts = new ClusterFacts
        {
            Endpoint = chosen.Endpoint,
            PassedOver = [.. passedOver],
            Identify = chosen.Identify,
            Identity = chosen.Identity,
            Serverless = chosen.Serverless,
            Health = chosen.Health,
            HealthFacts = chosen.HealthFacts,
        };

        // Wrong credentials again and again lock accounts.
        if (facts.Identify.Outcome is StepOutcome.Unauthorized || facts.Health.Outcome is StepOutcome.Unauthorized)
        {
            return facts;
        }

        var (nodeStats, nodes) = await session.Ask(
            chosen.Url, ClusterRequest.NodeStats, (root, _) => session.Answers.Nodes(root));
        var (settings, clusterSettings) = await session.Ask(
            chosen.Url, ClusterRequest.Settings, (root, _) => session.Answers.Settings(root));
        return facts with
        {
            NodeStats = nodeStats,
            NodesFacts = nodes,
            Settings = settings,
            ClusterSettings = clusterSettings,
        };
    }
}
