namespace ClusterGrains.Clusters;

/// <summary>What one endpoint said of itself: who it is, and how the cluster is.</summary>
internal sealed record EndpointVisit(string Endpoint, Uri Url)
{
    /// <summary>What OpenSearch 1 and 2 say of themselves with <c>compatibility.override_main_response_version</c>.</summary>
    private const string PretendedVersion = "7.10.2";

    public StepResult Identify { get; private init; } = StepResult.NotAsked;

    public ClusterIdentity? Identity { get; private init; }

    public bool Serverless { get; private init; }

    public StepResult Health { get; private init; } = StepResult.NotAsked;

    public HealthFacts? HealthFacts { get; private init; }

    /// <summary>Whether another endpoint may do better. What the cluster refuses it refuses everywhere.</summary>
    public bool ShouldMoveOn => MovesOn(Identify) || MovesOn(Health);

    public EndpointFailure Failure => MovesOn(Identify)
        ? new(Endpoint, Step.Identify, Identify, Identity)
        : new(Endpoint, Step.Health, Health, Identity);

    public static async Task<EndpointVisit> Make(ClusterSession session, string endpoint, Engine expected)
    {
        var url = EndpointUrl.Parse(endpoint);
        var (identify, who) = await session.Ask(
            url, ClusterRequest.Identify, (root, product) => session.Answers.Identity(root, product, expected));
        var visit = new EndpointVisit(endpoint, url)
        {
            Identify = identify,
            Identity = who?.Identity,
            Serverless = who is { Serverless: true },
        };
        if (MovesOn(identify) || identify.Outcome is StepOutcome.Unauthorized)
        {
            return visit;
        }

        visit = await visit.WithTrueVersion(session);
        return await visit.WithHealth(session, expected);
    }

    /// <summary>Whether it may be an OpenSearch that hides its version.</summary>
    public static bool Pretends(ClusterIdentity identity) =>
        identity is { Version: PretendedVersion, Engine: nameof(Engine.OpenSearch) };

    private static bool MovesOn(StepResult result) => result.Outcome is not
        (StepOutcome.Ok or StepOutcome.NotAsked or StepOutcome.Unauthorized or StepOutcome.Forbidden
        or StepOutcome.Throttled or StepOutcome.NotSupported);

    private async Task<EndpointVisit> WithTrueVersion(ClusterSession session)
    {
        if (Identity is not { } identity || !Pretends(identity))
        {
            return this;
        }

        var (_, version) = await session.Ask(
            Url, ClusterRequest.TrueVersion, (root, _) => session.Answers.TrueVersion(root));
        return version is null ? this : this with { Identity = identity with { Version = version } };
    }

    private async Task<EndpointVisit> WithHealth(ClusterSession session, Engine expected)
    {
        var engine = Enum.TryParse<Engine>(Identity?.Engine, out var known) ? known : expected;
        var version = Identity is null ? null : EngineVersion.Parse(Identity.Version);
        var (result, health) = await session.Ask(
            Url, ClusterRequest.Health(engine, version), (root, _) => ClusterAnswers.Health(root));
        return this with { Health = result, HealthFacts = health };
    }
}
