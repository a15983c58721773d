using System.Collections.Immutable;
using ClusterGrains.History;

namespace ClusterGrains.Resources;

/// <summary>How a resource's state moves on. Pure; each result is stored by one write.</summary>
internal static class ResourceTransitions
{
    /// <summary>
    /// The first epoch, or another uid under the same name. Inherits what was not delivered yet, and nothing else.
    /// </summary>
    public static ResourceState<TWork> Begin<TWork>(this ResourceState<TWork> state, ResourceKind kind, Manifest manifest)
        where TWork : class, new() => new()
        {
            Kind = kind.Name,
            Phase = ResourcePhase.Active,
            Manifest = manifest,
            Revision = state.Revision,
            Outbox = state.Outbox.NextEpoch(state.Uid, manifest.Uid),
            HistoryFailure = state.HistoryFailure,
        };

    /// <summary>A newer manifest of the same epoch; brings a retired epoch back, and its sequence goes on.</summary>
    /// <param name="intents">Annotations that cause a run whenever they change.</param>
    public static ResourceState<TWork> Adopt<TWork>(
        this ResourceState<TWork> state, Manifest manifest, ImmutableArray<SpecProblem> problems, ImmutableArray<string> intents)
        where TWork : class, new()
    {
        var accepted = problems.IsEmpty ? new AcceptedSpec(manifest.Generation, manifest.Spec) : state.Accepted;
        var runNow = manifest.Annotations.GetValueOrDefault(RunNowAnnotation);
        var asked = !string.IsNullOrEmpty(runNow) && runNow != state.RunNowHandled;
        var outdated = accepted?.Spec != state.Accepted?.Spec
            || intents.Any(name => manifest.Annotations.GetValueOrDefault(name) != state.Manifest?.Annotations.GetValueOrDefault(name));
        return state with
        {
            Phase = ResourcePhase.Active,
            RetiredAt = null,
            Manifest = manifest,
            Accepted = accepted,
            Problems = problems,
            RunNowHandled = runNow,
            RunWanted = state.RunWanted || asked || outdated || state.Phase is not ResourcePhase.Active,
            Run = state.Run is { } run ? run with { IsOutdated = run.IsOutdated || outdated } : null,
        };
    }

    /// <summary>Any new value of this annotation causes one run.</summary>
    public const string RunNowAnnotation = Manifest.AnnotationPrefix + "run-now";

    /// <param name="runId">A new one, or that of an earlier run which this one resumes.</param>
    public static ResourceState<TWork> Open<TWork>(
        this ResourceState<TWork> state, string runId, Schedule schedule, DateTimeOffset now)
        where TWork : class, new() => state with
        {
            Run = new OpenRun(runId, state.LastRun is { } last && last.RunId == runId ? last.Attempt + 1 : 1, now, now + schedule.Patience),
            LastSlot = schedule.Slot(state.Uid, now),
            RunWanted = false,
        };

    /// <summary>The open run ended, in whichever way.</summary>
    public static ResourceState<TWork> Closed<TWork>(this ResourceState<TWork> state, string outcome, DateTimeOffset now)
        where TWork : class, new() => state.Run is not { } run ? state : state with
        {
            Run = null,
            LastRun = new ClosedRun(run.RunId, run.StartedAt, now, outcome, run.Attempt),
            RunWanted = state.RunWanted || outcome == RunOutcome.Interrupted,
        };

    /// <summary>Proven gone: no run is open any more, and the tombstone is the epoch's last record.</summary>
    public static ResourceState<TWork> Retire<TWork>(
        this ResourceState<TWork> state, HistoryTarget target, string? verdict, DateTimeOffset now)
        where TWork : class, new() => state.Append(new HistoryRecord
        {
            Record = RecordKind.Tombstone,
            Target = target,
            StartedAt = now,
            FinishedAt = now,
            Outcome = "Deleted",
            Verdict = verdict,
        }) with
        {
            Phase = ResourcePhase.Retiring,
            RunWanted = false,
        };

    /// <summary>Gives the record the next number of the line and puts its final bytes into the outbox.</summary>
    public static ResourceState<TWork> Append<TWork>(this ResourceState<TWork> state, HistoryRecord record)
        where TWork : class, new()
    {
        var outbox = state.Outbox.Add(record);
        return state with { Outbox = outbox, LastKey = outbox.Entries[^1].Key };
    }

    /// <summary>
    /// When the store fell behind what others have already seen of this epoch: revisions and records continue where
    /// nobody can confuse them with the lost ones.
    /// </summary>
    public static ResourceState<TWork> Overtake<TWork>(this ResourceState<TWork> state, long liveRevision, int liveLine)
        where TWork : class, new() => liveRevision <= state.Revision ? state : state.NextLine(liveRevision, liveLine);

    /// <summary>
    /// When an epoch that is new here has a status already, of whatever revision: another store numbered its records.
    /// </summary>
    public static ResourceState<TWork> Inherit<TWork>(this ResourceState<TWork> state, long liveRevision, int liveLine)
        where TWork : class, new() => liveRevision == 0 ? state : state.NextLine(liveRevision, liveLine);

    private static ResourceState<TWork> NextLine<TWork>(this ResourceState<TWork> state, long liveRevision, int liveLine)
        where TWork : class, new() => state with
        {
            Revision = Math.Max(state.Revision, liveRevision),
            Outbox = state.Outbox.NextLine(state.Uid, liveLine),
        };

    /// <summary>Without what is known to be in the store.</summary>
    public static ResourceState<TWork> Drop<TWork>(this ResourceState<TWork> state, ImmutableArray<string> delivered)
        where TWork : class, new() => delivered.IsEmpty
            ? state
            : state with { Outbox = delivered.Aggregate(state.Outbox, (outbox, key) => outbox.Without(key)) };
}
