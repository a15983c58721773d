using ClusterGrains.Resources;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Waits for a place among the updates that this silo works on; the source is looked at meanwhile.</summary>
internal static class Queue
{
    /// <summary>A run that says nothing for minutes counts as lost.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static async Task<IDisposable> Enter(LiveRun live)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(live.Budget);
        var pause = live.Spec.Schedule.Interval < Longest ? live.Spec.Schedule.Interval : Longest;
        var entering = live.Ports.Admission.Enter(leaving.Token);
        try
        {
            while (!entering.IsCompleted)
            {
                await Queued(live);
                await Task.WhenAny(entering, Task.Delay(pause, live.Ports.Time, leaving.Token));
                live.Budget.ThrowIfCancellationRequested();
            }

            return await entering;
        }
        catch
        {
            await leaving.CancelAsync();
            await Leave(entering);
            throw;
        }
    }

    private static async Task Queued(LiveRun live)
    {
        // Once a minute, perhaps for hours.
        Traces.Leave();
        await SourceLooking.TryLook(live);

        // What the run before waited for is not over because this one stands in line.
        await live.Save(live.Ledger.Blocked is not null ? live.Ledger : live.Ledger.Waiting(
            DatasetCodes.Queued, "As many updates as this silo takes (Datasets:MaxUpdates) are under way; this one waits in line.", live.Now));
    }

    private static async Task Leave(Task<IDisposable> entering)
    {
        try
        {
            (await entering).Dispose();
        }
        catch (OperationCanceledException)
        {
            // It had not come in yet.
        }
    }
}
