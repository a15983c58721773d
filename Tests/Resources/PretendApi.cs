using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Tests.Resources;

/// <summary>The API server as the grains see it: objects, statuses, Secrets, ConfigMaps and Events in memory.</summary>
internal sealed class PretendApi : IResourceApi, IStatusApi, ISecretStore, IConfigMapStore, IEventRecorder
{
    private readonly ConcurrentDictionary<ResourceKey, Entry> _objects = new();
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, byte[]>> _secrets = new();
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> _configMaps = new();
    private readonly ConcurrentQueue<ResourceEvent> _events = new();
    private readonly ConcurrentDictionary<ResourceKey, int> _writes = new();
    private readonly ConcurrentDictionary<ResourceKey, int> _refused = new();
    private long _version = 1000;

    public Signal Signal { get; } = new();

    public volatile bool Down;

    public IEnumerable<ResourceEvent> Events => _events;

    /// <summary>Creates or edits an object; the answer is what a watch would tell.</summary>
    public Manifest Apply(
        ResourceKey key, string spec, string uid, long generation = 1, params (string Name, string Value)[] annotations)
    {
        var manifest = new Manifest
        {
            Namespace = key.Namespace,
            Name = key.Name,
            Uid = uid,
            Generation = generation,
            ResourceVersion = NextVersion(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Spec = spec,
            Annotations = annotations.ToImmutableSortedDictionary(a => Manifest.AnnotationPrefix + a.Name, a => a.Value),
        };
        _objects.AddOrUpdate(
            key, new Entry(manifest, null), (_, old) => new Entry(manifest, old.Manifest.Uid == uid ? old.Status : null));
        Signal.Changed();
        return manifest;
    }

    public void Delete(ResourceKey key) => _objects.TryRemove(key, out _);

    public void AddSecret(string secretNamespace, string name, params (string Key, string Value)[] data) =>
        _secrets[$"{secretNamespace}/{name}"] = data.ToDictionary(d => d.Key, d => System.Text.Encoding.UTF8.GetBytes(d.Value));

    public void AddConfigMap(string configMapNamespace, string name, params (string Key, string Value)[] data) =>
        _configMaps[$"{configMapNamespace}/{name}"] = data.ToDictionary(d => d.Key, d => d.Value);

    public JsonObject? StatusOf(ResourceKey key) => _objects.TryGetValue(key, out var entry) ? entry.Status : null;

    public void OverwriteStatus(ResourceKey key, JsonObject? status) =>
        _objects[key] = new Entry(_objects[key].Manifest with { ResourceVersion = NextVersion() }, status);

    /// <summary>Waits until the status of a resource was asked for or written so often while the server was down.</summary>
    public Task Refused(ResourceKey key, int times = 2) =>
        Signal.Await(() => _refused.GetValueOrDefault(key) >= times ? this : null, $"{key} refused {times} times");

    public int StatusWrites(ResourceKey key) => _writes.GetValueOrDefault(key);

    /// <summary>The first status that fits.</summary>
    public Task<JsonObject> Status(ResourceKey key, Func<JsonObject, bool> fits, string what) =>
        Signal.Await(() => StatusOf(key) is { } status && fits(status) ? status : null, $"{key}: {what}; last {StatusOf(key)}");

    public Task<Manifest?> Get(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return Task.FromResult(_objects.TryGetValue(key, out var entry) ? entry.Manifest : null);
    }

    Task<LiveStatus?> IStatusApi.Read(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken)
    {
        RefuseIfDown(key);
        return Task.FromResult(_objects.TryGetValue(key, out var entry)
            ? new LiveStatus(entry.Manifest.Uid, entry.Manifest.ResourceVersion, (JsonObject?)entry.Status?.DeepClone())
            : null);
    }

    public Task<string?> Write(
        ResourceKind kind, ResourceKey key, string uid, string resourceVersion, JsonObject status, CancellationToken cancellationToken)
    {
        RefuseIfDown(key);
        if (!_objects.TryGetValue(key, out var entry) || entry.Manifest.Uid != uid || entry.Manifest.ResourceVersion != resourceVersion)
        {
            return Task.FromResult<string?>(null);
        }

        var version = NextVersion();
        var written = new Entry(entry.Manifest with { ResourceVersion = version }, (JsonObject)JsonNode.Parse(status.ToJsonString())!);
        if (!_objects.TryUpdate(key, written, entry))
        {
            return Task.FromResult<string?>(null);
        }

        _writes.AddOrUpdate(key, 1, (_, count) => count + 1);
        Signal.Changed();
        return Task.FromResult<string?>(version);
    }

    Task<StoredSecret?> ISecretStore.Read(
        string secretNamespace, string name, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return Task.FromResult(_secrets.TryGetValue($"{secretNamespace}/{name}", out var data) ? new StoredSecret(data) : null);
    }

    Task<IReadOnlyDictionary<string, string>?> IConfigMapStore.Read(
        string configMapNamespace, string name, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return Task.FromResult(_configMaps.GetValueOrDefault($"{configMapNamespace}/{name}"));
    }

    public void Record(ResourceEvent resourceEvent)
    {
        _events.Enqueue(resourceEvent);
        Signal.Changed();
    }

    private string NextVersion() => Interlocked.Increment(ref _version).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void RefuseIfDown(ResourceKey key)
    {
        if (Down)
        {
            _refused.AddOrUpdate(key, 1, (_, count) => count + 1);
            Signal.Changed();
        }

        ThrowIfDown();
    }

    private void ThrowIfDown()
    {
        if (Down)
        {
            throw new DependencyException(Dependency.KubernetesApi, "The API server is down.");
        }
    }

    private sealed record Entry(Manifest Manifest, JsonObject? Status);
}
