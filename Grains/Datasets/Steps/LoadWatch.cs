using ClusterGrains.Datasets.Loading;
using ClusterGrains.Resources;
using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>What happens while documents flow: progress is stored, rejected ones are kept, and the world is looked at.</summary>
internal sealed class LoadWatch(LiveRun live, FrozenVersion frozen)
{
    private static readonly TimeSpan RoomEvery = TimeSpan.FromSeconds(30);

    private DateTimeOffset _movedAt = live.Now;
    private DateTimeOffset _lookedAt = live.Ledger.Look?.At ?? live.Now;
    private DateTimeOffset _roomAt = live.Now;

    public FrozenVersion Frozen => frozen;

    public async Task Checkpoint(LoadProgress progress, CancellationToken cancellationToken)
    {
        // A long load has thousands of them.
        Traces.Leave();
        await Keep(progress, cancellationToken);
        await live.Save(Moved(live.Candidate, progress));
        InTime();
        if (live.Now - _roomAt >= RoomEvery)
        {
            _roomAt = live.Now;
            await Tolerated(HasRoom);
        }

        if (live.Now - _lookedAt >= live.Spec.Schedule.Interval)
        {
            _lookedAt = live.Now;
            await Tolerated(() => SourceLooking.Look(live));
            await Tolerated(StillWanted);
        }
    }

    public void InTime()
    {
        if (live.Candidate.LoadStartedAt is { } began && live.Now - began >= live.Spec.Load.Deadline)
        {
            throw Fail(
                DatasetCodes.DeadlineExceeded,
                $"Loading began at {began.UtcDateTime:u} and came to {live.Candidate.Percent} % within spec.load.deadline "
                + $"({live.Spec.Load.Deadline.TotalMinutes:0} min). Raise the deadline or spec.load.workers, or give the cluster more room.");
        }
    }

    public async Task HasRoom()
    {
        if (DiskRoom.Overflow(await live.Cluster.Room(live.Budget)) is { } overflow)
        {
            throw Wait(DatasetCodes.DiskFull, overflow);
        }
    }

    // Stored before the checkpoint that counts them: none is ever forgotten.
    private async Task Keep(LoadProgress progress, CancellationToken cancellationToken)
    {
        if (progress.Rejected.IsEmpty)
        {
            return;
        }

        var file = frozen.Files.TakeWhile(one => one.Name != progress.Rejected[0].File).Count();
        var (key, body) = UpdateObjects.Rejected(live.Run, live.Candidate, file, progress.Rejected);
        await live.Ports.History.Put(key, body, cancellationToken);
    }

    private Candidate Moved(Candidate candidate, LoadProgress progress)
    {
        var (now, elapsed) = (live.Now, (live.Now - _movedAt).TotalSeconds);
        var docs = progress.Counts.Lines - candidate.Counts.Lines;
        var bytes = progress.Counts.SourceBytes - candidate.Counts.SourceBytes;
        var moved = progress.Position != candidate.Position;
        _movedAt = now;
        return candidate with
        {
            Position = progress.Position,
            Counts = progress.Counts,
            MovedAt = moved ? now : candidate.MovedAt,
            DocsPerSecond = elapsed > 0 ? Math.Round(docs / elapsed, 1) : candidate.DocsPerSecond,
            Eta = elapsed > 0 && bytes > 0
                ? now + TimeSpan.FromSeconds(Math.Min(Math.Max(0, candidate.SourceBytes - progress.Counts.SourceBytes) * elapsed / bytes, 1e8))
                : candidate.Eta,
        };
    }

    private async Task StillWanted()
    {
        // A look may leave out the marker of an old version: what ends the update is asked of the folder itself.
        if (live.Versions is { } versions && !versions.Contains(live.Candidate.Version))
        {
            _ = await PlanStep.Frozen(live);
        }

        var choice = Choice.Of(live.Run, live.Ledger, live.Versions, live.Candidate.Recipe);
        if (choice.Way is Way.Supersede)
        {
            throw new HaltException(Halt.Supersede, choice.Code, choice.Message);
        }
    }

    // A look that fails once is no reason to stop a load that goes on: reading and writing have their own patience.
    private static async Task Tolerated(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (DependencyException)
        {
            // The next one tells.
        }
    }
}
