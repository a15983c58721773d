using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ClusterGrains.Watch;

/// <summary>
/// What this silo knows of the relay, wherever it lives, for <c>/readyz</c> and the watch's age. Safe for concurrent use.
/// </summary>
internal sealed class WatchHealth(TimeProvider time)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private readonly ConcurrentDictionary<WatchTarget, WatchState> _here = new();
    private readonly ConcurrentDictionary<(string Kind, string? Namespace), WatchState> _told = new();

    // Boxed, so that it is never read half written.
    private volatile object? _relayAnswered;

    /// <summary>When the relay last answered this silo's nudge, wherever it lives; null when it never did.</summary>
    public DateTimeOffset? RelayAnswered => (DateTimeOffset?)_relayAnswered;

    /// <summary>The watches of this silo; empty while the relay lives in another one.</summary>
    public ImmutableArray<WatchState> Here => Ordered(_here.Values);

    /// <summary>The watches as far as this silo knows; empty before the relay has answered once.</summary>
    public ImmutableArray<WatchState> Watches
    {
        get
        {
            var known = new Dictionary<(string, string?), WatchState>(_told);
            foreach (var state in _here.Values)
            {
                known[(state.Kind, state.Namespace)] = state;
            }

            return Ordered(known.Values);
        }
    }

    /// <summary>The relay's word on its watches. What an earlier relay has done stays true when a later one begins.</summary>
    internal void Answered(ImmutableArray<WatchState> watches)
    {
        _relayAnswered = time.GetUtcNow();
        foreach (var told in watches)
        {
            _told.AddOrUpdate((told.Kind, told.Namespace), told, (_, known) => told with
            {
                LastList = told.LastList ?? known.LastList,
                LastLine = told.LastLine ?? known.LastLine,
            });
        }
    }

    internal WatchState Began(WatchTarget target) => _here[target] = Fresh(target);

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
        if (_here.TryGetValue(target, out var state) && state.Since == began.Since
            && _here.TryRemove(KeyValuePair.Create(target, state)))
        {
            // What it has done is kept until another relay tells more.
            Remember(state);
        }
    }

    /// <summary>The time since the last line of each kind's stalest watch, of whichever relay.</summary>
    internal IEnumerable<(string Kind, TimeSpan Age)> Ages() => Watches
        .GroupBy(s => s.Kind, s => time.GetUtcNow() - (s.LastLine ?? _since), StringComparer.Ordinal)
        .Select(group => (group.Key, group.Max()));

    private void Change(WatchTarget target, Func<WatchState, WatchState> change) =>
        _here.AddOrUpdate(target, _ => change(Fresh(target)), (_, state) => change(state));

    private WatchState Fresh(WatchTarget target)
    {
        var known = _told.GetValueOrDefault((target.Kind.Name, target.Namespace));
        return new WatchState
        {
            Kind = target.Kind.Name,
            Namespace = target.Namespace,
            Since = time.GetUtcNow(),
            LastList = known?.LastList,
            LastLine = known?.LastLine,
        };
    }

    private void Remember(WatchState state) => _told[(state.Kind, state.Namespace)] = state;

    private static ImmutableArray<WatchState> Ordered(IEnumerable<WatchState> states) =>
        [.. states.OrderBy(s => s.Kind, StringComparer.Ordinal).ThenBy(s => s.Namespace, StringComparer.Ordinal)];
}
