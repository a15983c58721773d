using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>All that a check may look at.</summary>
internal sealed record CheckInput(SearchClusterSpec Spec, ClusterFacts Facts, string? PinnedClusterUuid)
{
    private const int MaxMessage = 512;
    private const int MaxObject = 256;

    /// <summary>Whether somebody else answered than the cluster that this resource stands for.</summary>
    public bool AnotherCluster =>
        PinnedClusterUuid is not null && Facts.Identity?.ClusterUuid is { } seen && seen != PinnedClusterUuid;

    /// <summary>Who answered, or is expected to.</summary>
    public Engine Engine => Enum.TryParse<Engine>(Facts.Identity?.Engine, out var engine) ? engine : Spec.Engine;

    public EngineVersion? Version => Facts.Identity is { } identity ? EngineVersion.Parse(identity.Version) : null;

    /// <summary>Whether any request of this check ended so.</summary>
    public bool Failed(StepOutcome outcome) =>
        Facts.PassedOver.Any(failure => failure.Result.Outcome == outcome)
        || Enum.GetValues<Step>().Any(step => Facts[step].Outcome == outcome);

    public static Finding Finding(string code, Severity severity, string message, string subject = "") => new()
    {
        Code = code,
        Severity = severity,
        Object = SafeText.Clean(subject, MaxObject),
        Message = SafeText.Clean(message, MaxMessage),
    };
}
