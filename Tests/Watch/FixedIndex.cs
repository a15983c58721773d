using System.Collections.Concurrent;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Watch;

/// <summary>An index that shows what a test put in.</summary>
internal sealed class FixedIndex : IResourceIndex
{
    public ConcurrentDictionary<ResourceKey, IndexRow> Rows { get; } = new();

    public Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IndexRow>>([.. Rows.Values.Where(row => row.Kind == kind)]);

    public Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken) =>
        Task.FromResult(Rows.GetValueOrDefault(key));

    public void Put(
        string name, long generation = 1, string? uid = null, string phase = "Active", string inNamespace = "search")
    {
        var row = new IndexRow(
            "SearchCluster", inNamespace, name, uid ?? $"uid-{name}", generation, "", phase, null, 1, null, null);
        Rows[new ResourceKey(inNamespace, name)] = row;
    }

    public Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IndexRow>>([]);

    public Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IndexRow>>(
            [.. Rows.Values.Where(row => row.LateAt <= now).OrderBy(row => row.LateAt).Take(limit)]);

    public Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IndexRow>>([.. Rows.Values.Where(row => row.Silo == silo)]);
}
