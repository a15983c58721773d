using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>The index of resources, as far as claims go.</summary>
internal sealed class PretendClaims(Mishaps mishaps) : IResourceIndex
{
    public List<IndexRow> Rows { get; } = [];

    /// <summary>What was stored each time somebody asked who claims.</summary>
    public Action OnAsked { get; set; } = () => { };

    public Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken)
    {
        OnAsked();
        return Task.FromResult(mishaps.At<IReadOnlyList<IndexRow>>(() => [.. Rows.Where(row => row.Claim == claim)]));
    }
}

internal sealed class PretendConfigMaps : IConfigMapStore
{
    public Dictionary<string, Dictionary<string, string>> All { get; } = new(StringComparer.Ordinal);

    public Task<IReadOnlyDictionary<string, string>?> Read(string configMapNamespace, string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>?>(All.GetValueOrDefault(name));
}

internal sealed class PretendObjects(Mishaps mishaps) : IHistoryStore
{
    public SortedDictionary<string, byte[]> All { get; } = new(StringComparer.Ordinal);

    public bool IsDown { get; set; }

    /// <summary>Somebody put other bytes under a key that is taken.</summary>
    public bool WasRewritten { get; private set; }

    public Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => IsDown
        ? throw new DependencyException(Dependency.History, "The store is down.")
        : Task.FromResult(mishaps.At(() => Create(key, body)));

    private PutOutcome Create(string key, ReadOnlyMemory<byte> body)
    {
        if (All.TryAdd(key, body.ToArray()))
        {
            return PutOutcome.Created;
        }

        var same = All[key].AsSpan().SequenceEqual(body.Span);
        WasRewritten |= !same;
        return same ? PutOutcome.AlreadyThere : PutOutcome.Different;
    }
}
