namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One item of a bulk request.</summary>
/// <param name="Kind"><c>index</c>, <c>create</c> or <c>delete</c>.</param>
/// <param name="Id">Null to have the engine make one.</param>
/// <param name="Start">Of the document in the request's body; <paramref name="Length"/> is 0 for a delete.</param>
internal readonly record struct BulkAction(
    string Kind, string Index, string? Id, bool RequireAlias, int Start, int Length);
