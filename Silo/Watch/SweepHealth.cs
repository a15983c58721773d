using System.Collections.Concurrent;

namespace ClusterGrains.Watch;

/// <summary>What this silo's own sweeps have come to, for <c>/readyz</c> and the sweep's age. Safe for concurrent use.</summary>
internal sealed class SweepHealth(WatchTargets targets, TimeProvider time)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private readonly ConcurrentDictionary<WatchTarget, State> _states = new();

    /// <summary>What is wrong with the newest sweep of each target, with its cure; nothing where nothing is.</summary>
    public IReadOnlyList<string> Problems =>
        [.. targets.All.Select(target => StateOf(target).Problem).OfType<string>()];

    /// <summary>Whether this silo has compared everything at least once; what differed may be still to be put right.</summary>
    public bool HasComparedAll => targets.All.All(target => StateOf(target).IsCompared);

    public void Compared(WatchTarget target) => Change(target, state => state with { IsCompared = true });

    /// <param name="problem">Null when everything was compared and agrees now.</param>
    public void Swept(WatchTarget target, string? problem) => Change(target, state => state with
    {
        Success = problem is null ? time.GetUtcNow() : state.Success,
        Problem = problem,
    });

    /// <summary>The time since the last success of each kind's stalest target; before the first one, since the start.</summary>
    public IEnumerable<(string Kind, TimeSpan Age)> Ages() => targets.All
        .GroupBy(target => target.Kind.Name, target => time.GetUtcNow() - (StateOf(target).Success ?? _since), StringComparer.Ordinal)
        .Select(group => (group.Key, group.Max()));

    private void Change(WatchTarget target, Func<State, State> change) =>
        _states.AddOrUpdate(target, _ => change(State.Fresh), (_, state) => change(state));

    private State StateOf(WatchTarget target) => _states.GetValueOrDefault(target, State.Fresh);

    private sealed record State(bool IsCompared, DateTimeOffset? Success, string? Problem)
    {
        public static readonly State Fresh = new(false, null, null);
    }
}
