using ClusterGrains.Datasets;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>What is loaded, and how.</summary>
internal sealed record BulkPlan
{
    public required long Bytes { get; init; }

    public required int DocumentBytes { get; init; }

    public required int Files { get; init; }

    public required int Workers { get; init; }

    public required long BatchBytes { get; init; }

    public required int Rounds { get; init; }

    public required DataFormat Format { get; init; }
}
