using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A search cluster in memory: indices with documents, aliases moved by compare-and-swap.</summary>
internal sealed class PretendIndices(Mishaps mishaps) : IIndexStore, IIndexSession
{
    private int _uuids;

    public Dictionary<string, PretendIndex> All { get; } = new(StringComparer.Ordinal);

    public ClusterIdentity Identity { get; set; } = new("OpenSearch", "2.19.1", "search-a", "cluster-1");

    public ImmutableArray<NodeRoom> Nodes { get; set; } = [new("node-1", 1_000_000, 900_000, 150_000, 100_000, 50_000)];

    public TemplateEffect Template { get; set; } = new([], null);

    public IndexHealth NextHealth { get; set; } = new("green", 0, 0, 3);

    public CreateAnswer? Refusal { get; set; }

    public SearchAnswer NextSearch { get; set; } = new(5);

    public DependencyException? MarkRefusal { get; set; }

    /// <summary>What the cluster says to a swap instead of doing it.</summary>
    public SwapAnswer? SwapRefusal { get; set; }

    /// <summary>Thrown by whatever is asked.</summary>
    public DependencyException? Down { get; set; }

    /// <summary>Another cluster answers, which has none of the indices.</summary>
    public bool Hidden { get; set; }

    /// <summary>Called before each count.</summary>
    public Action OnCount { get; set; } = () => { };

    /// <summary>Called before each swap is decided.</summary>
    public Action OnSwap { get; set; } = () => { };

    /// <summary>Every time an alias changed, what it then showed.</summary>
    public List<string> Swaps { get; } = [];

    public List<string> Deleted { get; } = [];

    public Task<IIndexSession> Connect(string resourceNamespace, SearchClusterSpec cluster, CancellationToken cancellationToken) =>
        Do<IIndexSession>(() => this);

    public Task<ClusterIdentity> Identify(CancellationToken cancellationToken) => Do(() => Identity);

    public Task<AliasView> Alias(string alias, CancellationToken cancellationToken) => Do(() => new AliasView(
        All.ContainsKey(alias), [.. Showing(alias).Select(name => new AliasTarget(name))]));

    public Task<ImmutableArray<IndexView>> Indices(string prefix, CancellationToken cancellationToken) => Do(() =>
        All.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => one.Value.View(one.Key)).ToImmutableArray());

    public Task<IndexView?> Find(string index, CancellationToken cancellationToken) =>
        Do(() => Hidden ? null : All.GetValueOrDefault(index)?.View(index));

    public Task<TemplateEffect> Simulate(string index, CancellationToken cancellationToken) => Do(() => Template);

    public Task<ImmutableArray<NodeRoom>> Room(CancellationToken cancellationToken) => Do(() => Nodes);

    public Task<CreateAnswer> Create(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => Do(() =>
    {
        if (Refusal is { } refusal)
        {
            return refusal;
        }

        if (All.ContainsKey(index))
        {
            return new CreateAnswer(CreateResult.Exists);
        }

        using var json = JsonDocument.Parse(body);
        var meta = json.RootElement.GetProperty("mappings").GetProperty("_meta");
        Add(index, IndexMark.Read(meta.GetProperty(IndexMark.Key))).Body = json.RootElement.ToString();
        return new CreateAnswer(CreateResult.Created);
    });

    public PretendIndex Add(string index, IndexMark? mark = null, params string[] aliases)
    {
        var made = new PretendIndex { Uuid = $"uuid-{++_uuids}", Mark = mark };
        made.Aliases.UnionWith(aliases);
        return All[index] = made;
    }

    public Task<bool> PointLoadAlias(IndexView index, string? alias, CancellationToken cancellationToken) => Do(() =>
    {
        if (!All.TryGetValue(index.Name, out var there))
        {
            return false;
        }

        there.Aliases.RemoveWhere(one => one.StartsWith($"{index.Name}.a", StringComparison.Ordinal));
        if (alias is not null)
        {
            there.Aliases.Add(alias);
        }

        return true;
    });

    public Task<BulkAnswer> Bulk(string alias, ReadOnlyMemory<byte> body, int items, CancellationToken cancellationToken) => Do(() =>
    {
        if (Hidden || All.Values.FirstOrDefault(one => one.Aliases.Contains(alias)) is not { } index)
        {
            return new BulkAnswer(BulkResult.Gone, []);
        }

        var lines = Encoding.UTF8.GetString(body.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i += 2)
        {
            using var action = JsonDocument.Parse(lines[i]);
            index.Docs[action.RootElement.GetProperty("index").GetProperty("_id").GetString()!] = lines[i + 1];
        }

        return BulkAnswer.AllTaken;
    });

    public Task Configure(string index, ReadOnlyMemory<byte> settings, CancellationToken cancellationToken) =>
        Do(() => All[index].Settings = Encoding.UTF8.GetString(settings.Span));

    public Task BlockWrites(string index, CancellationToken cancellationToken) => Do(() => All[index].IsBlocked = true);

    public Task Mark(string index, IndexMark mark, CancellationToken cancellationToken) => Do(() =>
        All[index].Mark = MarkRefusal is { } refusal ? throw refusal : mark);

    public Task<IndexHealth?> Health(string index, CancellationToken cancellationToken) =>
        Do(() => All.ContainsKey(index) ? NextHealth : null);

    public Task Refresh(string index, CancellationToken cancellationToken) =>
        Do(() => All[index].Visible = All[index].Docs.Count);

    public Task<IndexSize> Count(string index, CancellationToken cancellationToken) => Do(() =>
    {
        OnCount();
        var names = All.ContainsKey(index) ? [index] : Showing(index);
        return new IndexSize(names.Sum(name => All[name].Visible), names.Sum(name => All[name].Docs.Values.Sum(doc => doc.Length)));
    });

    public Task<SearchAnswer> Search(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => Do(() => NextSearch);

    public Task<SwapAnswer> Swap(string alias, AliasTarget? from, string to, CancellationToken cancellationToken) => Do(() =>
    {
        OnSwap();
        if (SwapRefusal is { } refusal)
        {
            return refusal;
        }

        if (!All.ContainsKey(to))
        {
            return new SwapAnswer(SwapResult.Missing);
        }

        if (from is not null && !All.GetValueOrDefault(from.Index, new PretendIndex()).Aliases.Contains(alias))
        {
            return new SwapAnswer(SwapResult.NotAsExpected);
        }

        Point(alias, from?.Index, to);
        return new SwapAnswer(SwapResult.Done);
    });

    public Task<bool> Delete(string index, string uuid, CancellationToken cancellationToken) => Do(() =>
    {
        if (!All.TryGetValue(index, out var there) || there.Uuid != uuid || there.Aliases.Count > 0)
        {
            return false;
        }

        Deleted.Add(index);
        return All.Remove(index);
    });

    /// <summary>Moves an alias as anybody with the right to could.</summary>
    public void Point(string alias, string? from, string to)
    {
        if (from is not null)
        {
            All[from].Aliases.Remove(alias);
        }

        All[to].Aliases.Add(alias);
        Swaps.Add(to);
    }

    public string[] Showing(string alias) => [.. All.Where(one => one.Value.Aliases.Contains(alias)).Select(one => one.Key).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> Do<T>(Func<T> effect)
    {
        try
        {
            // The real loader asks from several threads at once.
            lock (All)
            {
                return Down is { } down ? throw down : Task.FromResult(mishaps.At(effect));
            }
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}

internal sealed class PretendIndex
{
    public string Uuid { get; init; } = "";

    public IndexMark? Mark { get; set; }

    public string Body { get; set; } = "";

    public string Settings { get; set; } = "";

    public bool IsBlocked { get; set; }

    /// <summary>Documents that a count sees: those of the last refresh.</summary>
    public long Visible { get; set; }

    public HashSet<string> Aliases { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Docs { get; } = new(StringComparer.Ordinal);

    public IndexView View(string name) => new(name, Uuid, Mark, [.. Aliases.Order(StringComparer.Ordinal)]);
}
