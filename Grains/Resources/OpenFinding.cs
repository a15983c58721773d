namespace ClusterGrains.Resources;

/// <summary>A finding that holds now.</summary>
/// <param name="Since">When the first of an unbroken row of runs found it.</param>
public sealed record OpenFinding(Finding Finding, DateTimeOffset Since);
