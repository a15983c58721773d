namespace ClusterGrains.Sandbox.Terminal;

/// <summary>Everything the terminal shows at one moment, each list ordered by name.</summary>
internal sealed record BoardRows(IReadOnlyList<ClusterRow> Clusters, IReadOnlyList<DatasetRow> Datasets);
