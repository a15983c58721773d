using System.Collections.Immutable;

namespace ClusterGrains.Clusters;

/// <summary>
/// What one probe gathered. Each step has its own result: one that failed leaves its facts empty and spoils no other.
/// Texts that the cluster wrote are <see cref="SafeText">cleaned</see> already and hold no credentials.
/// </summary>
public sealed record ClusterFacts
{
    /// <summary>Whether the Secrets of the spec could be used. If not, nothing was asked.</summary>
    public StepResult Credentials { get; init; } = StepResult.Ok;

    /// <summary>The endpoint, as in the spec, whose answers these are; null when none answered.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The endpoints passed over before <see cref="Endpoint"/>, in the order tried.</summary>
    public ImmutableArray<EndpointFailure> PassedOver { get; init; } = [];

    public StepResult Identify { get; init; } = StepResult.NotAsked;

    public StepResult Health { get; init; } = StepResult.NotAsked;

    public StepResult NodeStats { get; init; } = StepResult.NotAsked;

    public StepResult Settings { get; init; } = StepResult.NotAsked;

    public ClusterIdentity? Identity { get; init; }

    /// <summary>A serverless flavour, which lacks most of the cluster's own APIs.</summary>
    public bool Serverless { get; init; }

    public HealthFacts? HealthFacts { get; init; }

    public NodesFacts? NodesFacts { get; init; }

    public ClusterSettings? ClusterSettings { get; init; }

    public StepResult this[Step step] => step switch
    {
        Step.Identify => Identify,
        Step.Health => Health,
        Step.NodeStats => NodeStats,
        _ => Settings,
    };
}

/// <summary>An endpoint that did not do, and why.</summary>
/// <param name="Endpoint">As in the spec.</param>
/// <param name="Step">What was asked.</param>
/// <param name="Identity">Who it said it was, if it got that far.</param>
public sealed record EndpointFailure(string Endpoint, Step Step, StepResult Result, ClusterIdentity? Identity = null);
