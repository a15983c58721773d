using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Orleans.Runtime;
using Orleans.Storage;

namespace ClusterGrains.Tests.Resources;

/// <summary>Grain storage in memory with real serialisation and ETags, which can fail before or after a write.</summary>
internal sealed class PretendStorage(IEnumerable<JsonSerializerContext> contexts) : IGrainStorage, IResourceIndex, IStateRows
{
    private readonly ConcurrentDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly StateSerializer _serializer = new(contexts);

    private int _pages;

    public Signal Signal { get; } = new();

    /// <summary>Pages of rows that were asked for.</summary>
    public int Pages => Volatile.Read(ref _pages);

    /// <summary>Whether nobody can read anything.</summary>
    public volatile bool Down;

    /// <summary>Called around each write; throws to fail it there.</summary>
    public Action<GrainId, string>? Around { get; set; }

    public IndexRow? Index(string grainKey) =>
        _rows.FirstOrDefault(row => row.Key.EndsWith("/" + grainKey, StringComparison.Ordinal)).Value?.Index;

    /// <summary>The state in a row.</summary>
    public T Read<T>(string grainKey) =>
        (T)JsonSerializer.Deserialize(Find(grainKey).Value.Document, typeof(T), Context(typeof(T)))!;

    /// <summary>A copy of a row, to be put back later as a restored store would.</summary>
    public object? Backup(string grainKey) => Find(grainKey).Value;

    public void Restore(string grainKey, object? backup)
    {
        var key = Find(grainKey).Key;
        if (backup is Row row)
        {
            _rows[key] = row;
        }
        else
        {
            _rows.TryRemove(key, out _);
        }
    }

    /// <summary>Puts another document, or a higher layout, into a row behind everybody's back.</summary>
    public void Damage(string grainKey, Func<string, string> edit, int schemaVersion = 1)
    {
        var (key, row) = Find(grainKey);
        var document = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(row.Document)));
        _rows[key] = row with { Document = document, ETag = Guid.NewGuid().ToString(), SchemaVersion = schemaVersion };
    }

    /// <summary>Changes the columns beside a document.</summary>
    public void Reindex(string grainKey, Func<IndexRow, IndexRow> edit)
    {
        var (key, row) = Find(grainKey);
        _rows[key] = row with { Index = edit(row.Index!) };
    }

    public Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) =>
        Rows(rows => rows.Where(row => row.Kind == kind).OrderBy(row => row.Name, StringComparer.Ordinal));

    public Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IndexRow?> IResourceIndex.Find(string kind, ResourceKey key, CancellationToken cancellationToken) =>
        Task.FromResult(Index(key.ToString()));

    public Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken) =>
        Rows(rows => rows.Where(row => row.Claim == claim));

    public Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Rows(rows => rows.Where(row => row.LateAt <= now).OrderBy(row => row.LateAt).Take(limit));

    public Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) =>
        Rows(rows => rows.Where(row => row.Silo == silo));

    public Task<IReadOnlyList<StateRow>> Page(StateKey? after, int limit, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        Interlocked.Increment(ref _pages);
        var rows = from row in _rows
                   let parts = row.Key.Split('|')
                   let key = new StateKey(parts[1], parts[0])
                   where after is not { } last || string.CompareOrdinal(Order(key), Order(last)) > 0
                   select new StateRow(key, row.Value.ETag, row.Value.SchemaVersion, row.Value.Index, Encoding.UTF8.GetString(row.Value.Document));
        return Task.FromResult<IReadOnlyList<StateRow>>([.. rows.OrderBy(row => Order(row.Key), StringComparer.Ordinal).Take(limit)]);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfDown();
        if (_rows.TryGetValue(Key(stateName, grainId), out var row))
        {
            grainState.State = Parse<T>(row);
            (grainState.ETag, grainState.RecordExists) = (row.ETag, true);
        }
        else
        {
            grainState.State = Activator.CreateInstance<T>();
            (grainState.ETag, grainState.RecordExists) = (null, false);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Around?.Invoke(grainId, "before");
        var key = Key(stateName, grainId);
        Check(key, grainState.ETag);
        var document = JsonSerializer.SerializeToUtf8Bytes(grainState.State, typeof(T), Context(typeof(T)));
        var row = new Row(document, Guid.NewGuid().ToString(), (grainState.State as IIndexedState)?.Index);
        _rows[key] = row;
        Signal.Changed();
        Around?.Invoke(grainId, "after");
        (grainState.ETag, grainState.RecordExists) = (row.ETag, true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = Key(stateName, grainId);
        Check(key, grainState.ETag);
        _rows.TryRemove(key, out _);
        grainState.State = Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }

    private T Parse<T>(Row row)
    {
        try
        {
            return row.SchemaVersion > 1
                ? throw new DependencyException(Dependency.Storage, "The row was written by a newer version.")
                : _serializer.Deserialize<T>(new BinaryData(row.Document)) ?? throw new JsonException("The document is null.");
        }
        catch (JsonException damage)
        {
            throw new DependencyException(Dependency.Storage, "The row cannot be read.", damage);
        }
    }

    private Task<IReadOnlyList<IndexRow>> Rows(Func<IEnumerable<IndexRow>, IEnumerable<IndexRow>> choose)
    {
        ThrowIfDown();
        return Task.FromResult<IReadOnlyList<IndexRow>>([.. choose(_rows.Values.Select(row => row.Index).OfType<IndexRow>())]);
    }

    private void ThrowIfDown()
    {
        if (Down)
        {
            throw new DependencyException(Dependency.Storage, "The storage is down.");
        }
    }

    /// <summary>No character of either sorts before the one between them.</summary>
    private static string Order(StateKey key) => $"{key.GrainId}\0{key.StateName}";

    private static string Key(string stateName, GrainId grainId) => $"{stateName}|{grainId}";

    private KeyValuePair<string, Row> Find(string grainKey) =>
        _rows.First(row => row.Key.EndsWith("/" + grainKey, StringComparison.Ordinal));

    private JsonSerializerContext Context(Type type) => contexts.First(context => context.GetTypeInfo(type) is not null);

    private void Check(string key, string? etag)
    {
        var stored = _rows.TryGetValue(key, out var row) ? row.ETag : null;
        if (stored != etag)
        {
            throw new InconsistentStateException("The row was written by somebody else.", stored, etag);
        }
    }

    private sealed record Row(byte[] Document, string ETag, IndexRow? Index, int SchemaVersion = 1);
}
