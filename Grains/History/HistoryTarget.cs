namespace ClusterGrains.History;

/// <summary>Whom a record is about.</summary>
/// <param name="Kind">As in <c>kind:</c>, for example <c>SearchCluster</c>.</param>
/// <param name="Namespace">At most 63 characters, as the API server has it.</param>
/// <param name="Name">At most 63 characters, as our schemas have it.</param>
/// <param name="Uid">The epoch: another one under the same name is another resource.</param>
/// <param name="ClusterUuid">The search cluster's own identity; null while nobody said.</param>
/// <param name="Engine"><c>OpenSearch</c> or <c>Elasticsearch</c>; null while nobody said.</param>
/// <param name="Version">The engine's version; null while nobody said.</param>
public sealed record HistoryTarget(
    string Kind,
    string Namespace,
    string Name,
    string Uid,
    string? ClusterUuid,
    string? Engine,
    string? Version);
