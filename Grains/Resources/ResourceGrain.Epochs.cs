using ClusterGrains.Status;

namespace ClusterGrains.Resources;

/// <summary>Epochs: what an activation makes sure of first, whom it believes, and how an epoch begins and ends.</summary>
internal abstract partial class ResourceGrain<TWork>
{
    /// <summary>
    /// Once per activation, before anything else: the reminder exists, the row is not behind the live status, and a run
    /// that an earlier activation left open is closed.
    /// </summary>
    private async Task Settle(CancellationToken cancellationToken)
    {
        if (_settled || State.Phase is ResourcePhase.None or ResourcePhase.Retired)
        {
            return;
        }

        await _reminder.Ensure(Schedule, State.Uid);
        if (State.Phase is ResourcePhase.Active)
        {
            var (revision, line) = await Fence(State.Uid, cancellationToken);
            await Overtake(revision, line);
        }

        _settled = true;
        await CloseLostRun();
        Project();
    }

    /// <summary>
    /// What the live status shows of an epoch, before a record of this activation gets a number: further than the row
    /// means that the row comes from an older copy of the store.
    /// </summary>
    private async Task<(long Revision, int Line)> Fence(string uid, CancellationToken cancellationToken)
    {
        try
        {
            if (await Context.Status.Read(Kind, Key, cancellationToken) is { } live && live.Uid == uid)
            {
                _projector.Learn(live);
                return StatusFence.Of(live.Status);
            }
        }
        catch (DependencyException failure)
        {
            Context.Log.NotFenced(Kind.Name, Key, failure.Message);
        }

        return (0, 0);
    }

    private async Task Overtake(long liveRevision, int liveLine)
    {
        var next = State.Overtake(liveRevision, liveLine);
        if (!ReferenceEquals(next, State))
        {
            Context.Log.StateWasOlder(Kind.Name, Key, State.Revision, liveRevision, next.Outbox.Line);
            await Write(next);
            Context.Metrics.Restored(Kind);
        }
    }

    /// <summary>Asks the API server what is true, and adopts only that.</summary>
    private async Task Consult(CancellationToken cancellationToken)
    {
        Context.Metrics.Doubted(Kind);
        var live = await Context.Api.Get(Kind, Key, cancellationToken);
        if (live is not null)
        {
            await Take(live, cancellationToken);
        }
        else if (State.Phase is ResourcePhase.Active)
        {
            await Retire();
        }
    }

    private async Task Take(Manifest manifest, CancellationToken cancellationToken)
    {
        if (State.Phase is ResourcePhase.Active && manifest.Uid == State.Uid)
        {
            if (State.Weigh(manifest) is not ManifestWeight.Known)
            {
                await Adopt(State, manifest, cancellationToken);
            }

            return;
        }

        var (revision, line) = await Fence(manifest.Uid, cancellationToken);
        if (manifest.Uid == State.Uid)
        {
            Context.Log.EpochRevived(Kind.Name, Key, manifest.Uid);
            await Adopt(State.Overtake(revision, line), manifest, cancellationToken);
            Context.Metrics.Epoch(Kind, "revived");
            return;
        }

        var closed = State.Phase is ResourcePhase.Active ? Retire(State) : State;
        Context.Log.EpochBegan(Kind.Name, Key, manifest.Uid);
        await Adopt(closed.Begin(Kind, manifest).Inherit(revision, line), manifest, cancellationToken);
        Context.Metrics.Epoch(Kind, "begun");
    }

    /// <summary>One write: the manifest, and its spec if it is good.</summary>
    private async Task Adopt(ResourceState<TWork> state, Manifest manifest, CancellationToken cancellationToken)
    {
        var reading = await Read(manifest, cancellationToken);
        var problems = reading.IsCertain || manifest.SpecHash != state.Manifest?.SpecHash ? reading.Problems : state.Problems;
        if (!problems.IsEmpty)
        {
            Context.Log.SpecRefused(Kind.Name, Key, manifest.Generation, problems[0].ToString());
        }

        var next = state.Adopt(manifest, problems, Intents);
        var schedule = problems.IsEmpty ? reading.Schedule : Accepted(next);
        await _reminder.Ensure(schedule, manifest.Uid);
        Schedule = schedule;
        await Write(next);
        _settled = true;
    }

    /// <summary>
    /// A refused spec may be good by now: the Secret it names can have been created since. Silence is no proof of that.
    /// </summary>
    private async Task Reconsider(CancellationToken cancellationToken)
    {
        if (State is not { Phase: ResourcePhase.Active, Problems.IsEmpty: false, Manifest: { } manifest })
        {
            return;
        }

        var reading = await Read(manifest, cancellationToken);
        if (reading.IsCertain && !reading.Problems.SequenceEqual(State.Problems))
        {
            await Adopt(State, manifest, cancellationToken);
        }
    }

    private async Task Retire()
    {
        Context.Log.EpochRetires(Kind.Name, Key, State.Uid);
        await Write(Retire(State));
        Context.Metrics.Epoch(Kind, "retired");
    }

    private ResourceState<TWork> Retire(ResourceState<TWork> state)
    {
        var (left, now) = (Abandon(state, Now), Now);
        return left.Closed(RunOutcome.Interrupted, now).Retire(Target(left), VerdictOf(left), now);
    }

    private async Task FinishRetiring()
    {
        if (State is { Phase: ResourcePhase.Retiring, Outbox.Entries.IsEmpty: true })
        {
            await Write(State with { Phase = ResourcePhase.Retired, RetiredAt = Now, HistoryFailure = null });
            await _reminder.Remove();
            DeactivateOnIdle();
        }
    }

    private async Task Purge()
    {
        if (State is { Phase: ResourcePhase.Retired, RetiredAt: { } retired } && Now - retired >= KeepRetired)
        {
            await _storage.ClearStateAsync(CancellationToken.None);
            DeactivateOnIdle();
        }
    }
}
