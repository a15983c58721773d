namespace ClusterGrains.Resources;

/// <summary>How bad a finding is. The verdict follows the worst one.</summary>
[GenerateSerializer, Alias("ClusterGrains.Severity")]
public enum Severity
{
    /// <summary>Worth knowing; changes no verdict.</summary>
    Info,

    /// <summary>Makes a cluster Degraded.</summary>
    Warning,

    /// <summary>Makes a cluster Critical.</summary>
    Critical,
}

/// <summary>One thing that is wrong, or worth knowing.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.Finding")]
public sealed record Finding
{
    /// <summary>Stable, PascalCase, from the closed list in docs/findings.md; alerts and queries name it.</summary>
    [Id(0)]
    public required string Code { get; init; }

    [Id(1)]
    public required Severity Severity { get; init; }

    /// <summary>What it is about: a node, an endpoint, a Secret; empty for the whole cluster.</summary>
    [Id(2)]
    public string Object { get; init; } = "";

    /// <summary>One or two sentences with the numbers seen and the cure. Plain text, no control characters.</summary>
    [Id(3)]
    public required string Message { get; init; }
}
