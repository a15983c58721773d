using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Storage;
using Orleans.Runtime;
using Orleans.Storage;

namespace ClusterGrains.Tests.Resources;

/// <summary>Grain storage in memory with real serialisation and ETags, which can fail before or after a write.</summary>
internal sealed class PretendStorage(IEnumerable<JsonSerializerContext> contexts) : IGrainStorage
{
    private readonly ConcurrentDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    public Signal Signal { get; } = new();

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

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_rows.TryGetValue(Key(stateName, grainId), out var row))
        {
            grainState.State = (T)JsonSerializer.Deserialize(row.Document, typeof(T), Context(typeof(T)))!;
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

    private sealed record Row(byte[] Document, string ETag, IndexRow? Index);
}
