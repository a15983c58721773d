using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ClusterGrains.Watch;

/// <summary>What this silo knows of the relay, for <c>/readyz</c> and the watch's age. Safe for concurrent use.</summary>
public sealed class WatchHealth(TimeProvider time)
{
    private readonly ConcurrentDictionary<WatchTarget, WatchState> _states = new();

    // Boxed, so that it is never read half written.
    private volatile object? _relayAnswered;

    /// <summary>When the relay last answered this silo's nudge, wherever it lives; null when it never did.</summary>
    public DateTimeOffset? RelayAnswered => (DateTimeOffset?)_relayAnswered;

    /// <summary>One per watch of this silo; empty while the relay lives in another one.</summary>
    public ImmutableArray<WatchState> Watches =>
        [.. _states.Values.OrderBy(s => s.Kind, StringComparer.Ordinal).ThenBy(s => s.Namespace, StringComparer.Ordinal)];

    internal void Answered() => _relayAnswered = time.GetUtcNow();

    internal WatchState Began(WatchTarget target) => _states[target] = Fresh(target);

    /// <summary>Any answer of the API server, a refusal too.</summary>
    internal void Heard(WatchTarget target) => Change(target, s => s with { LastAnswer = time.GetUtcNow() });

    internal void Line(WatchTarget target)
    {
        var now = time.GetUtcNow();
        Change(target, s => s with { LastLine = now, LastAnswer = now });
    }

    internal void Listed(WatchTarget target)
    {
        var now = time.GetUtcNow();
        Change(target, s => s with { LastList = now, LastLine = now, LastAnswer = now });
    }

    /// <param name="problem">Null when all is well again.</param>
    internal void Trouble(WatchTarget target, string? problem) => Change(target, s => s with { Problem = problem });

    /// <summary>Forgets a watch, unless a later relay of this silo has begun the same one meanwhile.</summary>
    internal void Ended(WatchTarget target, WatchState began)
    {
        if (_states.TryGetValue(target, out var state) && state.Since == began.Since)
        {
            _states.TryRemove(KeyValuePair.Create(target, state));
        }
    }

    internal IEnumerable<(string Kind, TimeSpan Age)> Ages() => Watches
        .GroupBy(s => s.Kind, s => time.GetUtcNow() - (s.LastLine ?? s.Since), StringComparer.Ordinal)
        .Select(group => (group.Key, group.Max()));

    private void Change(WatchTarget target, Func<WatchState, WatchState> change) =>
        _states.AddOrUpdate(target, _ => change(Fresh(target)), (_, state) => change(state));

    private WatchState Fresh(WatchTarget target) =>
        new(target.Kind.Name, target.Namespace, time.GetUtcNow(), null, null, null, null);
}

/// <summary>One kind's watch, of one namespace or of all.</summary>
/// <param name="Namespace">Null for the whole cluster.</param>
/// <param name="Since">When the relay began with it in this silo.</param>
/// <param name="LastAnswer">When the API server last said anything, a refusal too.</param>
/// <param name="LastList">When it was last listed completely and compared with the index.</param>
/// <param name="LastLine">When its watch last gave a sign of life: an event, a bookmark or a complete list.</param>
/// <param name="Problem">What is wrong now, with its cure; null when nothing is.</param>
public sealed record WatchState(
    string Kind,
    string? Namespace,
    DateTimeOffset Since,
    DateTimeOffset? LastAnswer,
    DateTimeOffset? LastList,
    DateTimeOffset? LastLine,
    string? Problem);
