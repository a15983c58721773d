using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Status;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// One custom resource: what all kinds share. Decides in turns, each of which ends in at most a few state writes;
/// everything slow (a run, a delivery, a status write) happens off the turn and reports back by a call.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Work off the turn may still hold the token when the grain is gone; without a timer the source holds nothing.")]
internal abstract partial class ResourceGrain<TWork> : Grain, IResourceGrain, IResourceReports, IRemindable
    where TWork : class, new()
{
    /// <summary>How long a retired row is kept, so that late events of its uid are recognised.</summary>
    internal static readonly TimeSpan KeepRetired = TimeSpan.FromDays(7);

    /// <summary>A resource is never late before this long after its due time.</summary>
    internal static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(60);

    private readonly IPersistentState<ResourceState<TWork>> _storage;
    private readonly CancellationTokenSource _lifetime = new();
    private HistoryDelivery _delivery = null!;
    private StatusProjector _projector = null!;
    private ResourceReminder _reminder = null!;
    private Task _work = Task.CompletedTask;
    private CancellationTokenSource _patience = new();

    /// <summary>Whether the open run still waits for its place; cleared off the turn.</summary>
    private volatile bool _isWaiting;

    private bool _settled;
    private bool _awaitsDelivery;

    protected ResourceGrain(
        ResourceKind kind, IPersistentState<ResourceState<TWork>> storage, ResourceContext context)
    {
        Kind = kind;
        Context = context;
        _storage = storage;
    }

    protected ResourceKind Kind { get; }

    protected ResourceContext Context { get; }

    protected ResourceKey Key { get; private set; }

    protected ResourceState<TWork> State => _storage.State;

    /// <summary>The schedule of the accepted spec; null while none was ever accepted.</summary>
    protected Schedule? Schedule { get; private set; }

    private DateTimeOffset Now => Context.Time.GetUtcNow();

    private bool IsAlive => State.Phase is ResourcePhase.Active or ResourcePhase.Retiring;

    /// <summary>Whether a turn was missed, and not just one that had to wait or is about to come.</summary>
    private bool IsOverdue => HasLostRun || (IsAlive && State.LateAt <= Now && !(State.Run is not null && _isWaiting));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Key = ResourceKey.Parse(this.GetPrimaryKeyString());
        var reports = this.AsReference<IResourceReports>();
        _delivery = new HistoryDelivery(
            Context.History, reports, Context.Time, Context.Loggers.CreateLogger<HistoryDelivery>(), _lifetime.Token);
        _projector = new StatusProjector(
            Kind, Key, Context.Status, this.AsReference<IResourceGrain>(), reports, Context.Pace, _lifetime.Token);
        _reminder = new ResourceReminder(this, Kind, Context);
        Schedule = Accepted(State);
        CountPending(State.Outbox.Entries.Length);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CountPending(0);
        if (State.Run is not null && reason.ReasonCode is DeactivationReasonCode.DirectoryFailure)
        {
            // A silo died that only knew where this activation is. The open run ends with it, and this silo lives, so nobody
            // would look for what it left before the run's deadline.
            this.AsReference<IResourceGrain>().Wake(CancellationToken.None).Ignore();
        }

        return _lifetime.CancelAsync();
    }

    public async Task Observe(Manifest manifest, CancellationToken cancellationToken)
    {
        await Settle(cancellationToken);
        switch (State.Weigh(manifest))
        {
            case ManifestWeight.Newer:
                await Take(manifest, cancellationToken);
                break;
            case ManifestWeight.Doubtful:
                await Consult(cancellationToken);
                break;
        }

        await CatchUp();
    }

    public async Task Vanished(string? deletedUid, CancellationToken cancellationToken)
    {
        await Settle(cancellationToken);
        if (State.Phase is ResourcePhase.Active)
        {
            await (deletedUid == State.Uid ? Retire() : Consult(cancellationToken));
        }

        await CatchUp();
    }

    public async Task<Repairs> Wake(CancellationToken cancellationToken)
    {
        var repairs = IsOverdue ? Repairs.Turn : Repairs.None;
        if (IsAlive && await _reminder.EnsureAgain(Schedule, State.Uid))
        {
            repairs |= Repairs.Reminder;
        }

        var wasUnknown = State.Phase is ResourcePhase.None;
        repairs |= await Tick(cancellationToken) ? Repairs.Reminder : Repairs.None;
        return wasUnknown && IsAlive ? repairs | Repairs.Turn : repairs;
    }

    public async Task<Repairs> Rewrite(CancellationToken cancellationToken)
    {
        await Settle(cancellationToken);
        if (State.Phase is ResourcePhase.None)
        {
            return Repairs.None;
        }

        await Write(State);
        return Repairs.Columns;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        using var span = ResourceTraces.Tick(Kind, Key);
        await Tick(_lifetime.Token);
    }

    public Task<string?> Describe(CancellationToken cancellationToken) => Task.FromResult(
        State.Phase is ResourcePhase.Active ? StatusText.Write(Document(Judge(State, Now))) : null);

    public async Task Delivered(ImmutableArray<string> keys, string? failure, CancellationToken cancellationToken)
    {
        if (State.Phase is ResourcePhase.None or ResourcePhase.Retired)
        {
            return;
        }

        await Settle(cancellationToken);

        // Dropped here and stored by the next write: until then a lost activation only sends the same bytes again, and a
        // record that is appended meanwhile never folds what has arrived.
        _storage.State = State.Drop(keys);
        CountPending(State.Outbox.Entries.Length);
        _awaitsDelivery &= failure is null && !State.Outbox.Entries.IsEmpty;
        if ((failure is null) != (State.HistoryFailure is null))
        {
            await Write(State with { HistoryFailure = failure is null ? null : new HistoryFailure(Now, failure) });
        }
        else
        {
            Project();
        }

        await FinishRetiring();
    }

    public async Task StatusAhead(long liveRevision, int liveLine, CancellationToken cancellationToken)
    {
        await _storage.ReadStateAsync(cancellationToken);
        Schedule = Accepted(State);
        if (State.Phase is ResourcePhase.Active)
        {
            await Overtake(liveRevision, liveLine);
            Project();
        }
    }

    /// <summary>Reads a manifest's spec: the schedule in it, or every problem that the schema could not see.</summary>
    protected abstract Task<ScheduleReading> Read(Manifest manifest, CancellationToken cancellationToken);

    /// <summary>The schedule in an accepted spec; null when this silo can no longer read it.</summary>
    protected abstract Schedule? ScheduleOf(string spec);

    /// <summary>
    /// Brings what follows from the rest up to date, at every write: the verdict, a transition record if it changed,
    /// conditions, the index summary.
    /// </summary>
    protected abstract ResourceState<TWork> Judge(ResourceState<TWork> state, DateTimeOffset now);

    /// <summary>The verdict a record of this state bears; null for none.</summary>
    protected abstract string? VerdictOf(ResourceState<TWork> state);

    protected abstract HistoryTarget Target(ResourceState<TWork> state);

    protected abstract JsonObject Document(ResourceState<TWork> state);

    /// <summary>Tells Kubernetes Events what changed; called after the write.</summary>
    protected abstract void Announce(ResourceState<TWork> before, ResourceState<TWork> after);

    /// <summary>Annotations that cause a run whenever they change, by full name.</summary>
    protected virtual ImmutableArray<string> Intents => [];

    /// <summary>The id of an earlier run that the next one resumes; null to begin a new one.</summary>
    protected virtual string? ResumedRun(ResourceState<TWork> state) => null;

    /// <summary>What a run leaves whose process ended before it did: a record, if its end is worth one.</summary>
    protected virtual ResourceState<TWork> Lose(ResourceState<TWork> state, OpenRun run, DateTimeOffset now) => state;

    /// <summary>What a resource that is gone leaves unfinished: the records that belong before its tombstone.</summary>
    protected virtual ResourceState<TWork> Abandon(ResourceState<TWork> state, DateTimeOffset now) =>
        state.Run is { } run ? Lose(state, run, now) : state;

    /// <summary>Limits how many runs of this kind a silo works on at once; null where the run sees to it itself.</summary>
    protected virtual RunAdmission? Admission => Context.Admission;

    /// <summary>How old the shown status of an open run may get while only its times and its progress change.</summary>
    protected virtual TimeSpan RunRefresh(ResourceState<TWork> state) => TimeSpan.MaxValue;

    /// <summary>
    /// The run as a task that ends by calling the grain's own <c>Complete</c>. Called in the turn, run off it; the token
    /// ends with the run's budget, its argument with the activation.
    /// </summary>
    protected abstract Func<CancellationToken, CancellationToken, Task> Workflow(OpenRun run);
}
