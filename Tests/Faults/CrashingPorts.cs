using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using Orleans.Runtime;
using Orleans.Storage;

namespace ClusterGrains.Tests.Faults;

/// <summary>The real storage, with a crash point before and after each write, and word of each start and each end.</summary>
internal sealed class CrashingStorage(IGrainStorage storage, Crasher crasher) : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, ResourceState<SearchClusterWork>> _last = new();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await storage.ReadStateAsync(stateName, grainId, grainState);
        if (grainState.State is ResourceState<SearchClusterWork> state)
        {
            _last[grainId] = state;
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var after = grainState.State as ResourceState<SearchClusterWork>;
        var effect = after is null ? null : CrashPoint.Write(_last.GetValueOrDefault(grainId, new()), after);
        crasher.Reach(CrashPoint.Before(effect ?? CrashPoint.None));
        await storage.WriteStateAsync(stateName, grainId, grainState);
        if (after is not null)
        {
            var before = _last.GetValueOrDefault(grainId, new());
            _last[grainId] = after;
            Tell(before, after);
        }

        crasher.Reach(CrashPoint.After(effect ?? CrashPoint.None));
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ClearStateAsync(stateName, grainId, grainState);

    private void Tell(ResourceState<SearchClusterWork> before, ResourceState<SearchClusterWork> after)
    {
        if (before.Run is null && after.Run is { } run)
        {
            crasher.Tell($"opened {run.RunId}");
        }

        if (before.Phase is not ResourcePhase.Retiring && after.Phase is ResourcePhase.Retiring)
        {
            crasher.Tell($"retiring {after.Uid}");
        }
    }
}

/// <summary>The real history store, with a crash point before and after each PUT.</summary>
internal sealed class CrashingHistory(IHistoryStore store, Crasher crasher) : IHistoryStore
{
    public async Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var record = key.Contains("record=", StringComparison.Ordinal);
        crasher.Reach(record ? CrashPoint.Before(CrashPoint.Putting(key)) : "");
        var outcome = await store.Put(key, body, cancellationToken);
        crasher.Tell(outcome is PutOutcome.Different ? $"different {key}" : $"put {key}");
        crasher.Reach(record ? CrashPoint.After(CrashPoint.Putting(key)) : "");
        return outcome;
    }
}

/// <summary>The real status subresource, with a crash point before and after each write.</summary>
internal sealed class CrashingStatus(IStatusApi api, Crasher crasher) : IStatusApi
{
    public Task<LiveStatus?> Read(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken) =>
        api.Read(kind, key, cancellationToken);

    public async Task<string?> Write(
        ResourceKind kind, ResourceKey key, string uid, string resourceVersion, JsonObject status, CancellationToken cancellationToken)
    {
        crasher.Reach(CrashPoint.Before(CrashPoint.Status));
        var version = await api.Write(kind, key, uid, resourceVersion, status, cancellationToken);
        crasher.Reach(CrashPoint.After(CrashPoint.Status));
        return version;
    }
}
