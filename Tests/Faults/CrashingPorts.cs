using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using Orleans.Runtime;
using Orleans.Storage;

namespace ClusterGrains.Tests.Faults;

/// <summary>The real storage, with a crash point before and after each write, and word of each start and each end.</summary>
internal sealed class CrashingStorage(IGrainStorage storage, Crasher crasher) : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, StateFacts> _last = new();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await storage.ReadStateAsync(stateName, grainId, grainState);
        if (StateFacts.Of(grainState.State) is { } state)
        {
            _last[grainId] = state;
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (StateFacts.Of(grainState.State) is not { } after)
        {
            await storage.WriteStateAsync(stateName, grainId, grainState);
            return;
        }

        var before = _last.GetValueOrDefault(grainId, after.Before());
        var effect = CrashPoint.Write(before, after) ?? CrashPoint.None;
        crasher.Reach(CrashPoint.Before(effect));
        await storage.WriteStateAsync(stateName, grainId, grainState);
        _last[grainId] = after;
        Tell(before, after, effect);
        crasher.Reach(CrashPoint.After(effect));
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        storage.ClearStateAsync(stateName, grainId, grainState);

    private void Tell(StateFacts before, StateFacts after, string effect)
    {
        if (effect.StartsWith("ledger: ", StringComparison.Ordinal))
        {
            crasher.Tell($"did {effect}");
        }

        // The runs of a dataset leave no record of their own, so nobody counts them.
        if (before.Run is null && after is { Run: { } run, Ledger: null })
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
        var effect = CrashPoint.Putting(key) ?? CrashPoint.None;
        crasher.Reach(CrashPoint.Before(effect));
        var outcome = await store.Put(key, body, cancellationToken);
        crasher.Tell(outcome is PutOutcome.Different ? $"different {key}" : $"put {key}");
        crasher.Reach(CrashPoint.After(effect));
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
