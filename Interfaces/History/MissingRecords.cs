namespace ClusterGrains.History;

/// <summary>Records of one resource that an audit did not find where they must lie.</summary>
/// <param name="Since">When an audit first missed any.</param>
/// <param name="Count">How many numbers.</param>
/// <param name="Numbers">Which, as text for people; the first few.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.MissingRecords")]
public sealed record MissingRecords(
    [property: Id(0)] DateTimeOffset Since,
    [property: Id(1)] long Count,
    [property: Id(2)] string Numbers);
