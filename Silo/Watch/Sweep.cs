using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>
/// The double check of one target: what two passes a while apart both show, and a consistent GET confirms, has been missed by
/// the relay. It is told to the grain, as the relay should have.
/// </summary>
internal sealed class Sweep(
    SweepPass pass, IResourceApi api, Deliver deliver, WatchOptions options, TimeProvider time, SweepJournal journal)
{
    /// <summary>Throws nothing but cancellation.</summary>
    /// <returns>Whether everything was compared, and everything that differed was put right.</returns>
    public async Task<bool> Run(WatchTarget target, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        string? problem;
        try
        {
            var drift = await Find(target, cancellationToken);
            journal.Compared(target);
            var repairs = new Repairs(options.MaxReportedDrift);
            await Parallel.ForEachAsync(
                drift,
                new ParallelOptions { MaxDegreeOfParallelism = options.MaxDeliveries, CancellationToken = cancellationToken },
                async (difference, token) => await Repair(target, difference, repairs, token));
            problem = repairs.Problem;
            journal.Repaired(target, repairs.Unsaid);
        }
        catch (DependencyException failure)
        {
            problem = failure.Message;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A defect of ours must not end the sweeps for good.
            journal.FailedUnexpectedly(target, failure);
            problem = failure.Message;
        }

        journal.Swept(target, problem, time.GetElapsedTime(started));
        return problem is null;
    }

    private async Task<IReadOnlyList<Difference>> Find(WatchTarget target, CancellationToken cancellationToken)
    {
        var first = await pass.Run(target, cancellationToken);
        first.Unreadable.ForEach(item => journal.Undecodable(target, item));
        if (first.Differences.Count == 0)
        {
            return [];
        }

        await Task.Delay(options.SweepRecheck, time, cancellationToken);
        var second = await pass.Run(target, cancellationToken);
        return
        [
            .. second.Differences.Values.Where(difference =>
                first.Differences.TryGetValue(difference.Address, out var earlier) && difference.HasLastedSince(earlier)),
        ];
    }

    private async Task Repair(WatchTarget target, Difference observed, Repairs repairs, CancellationToken cancellationToken)
    {
        if (repairs.Failures >= options.MaxFailedRepairs)
        {
            // The rest would most likely fail the same way, each after its timeout.
            return;
        }

        try
        {
            var live = await api.Get(target.Kind, observed.Address.Key, cancellationToken);
            Stamp? stamp = live is null ? null : Stamp.Of(live);
            if (Difference.Between(observed.Address, stamp, observed.Row) is { } drift)
            {
                using var span = WatchTraces.Repair(drift);
                await deliver(drift.Address, live is null ? new Delivery.Ask() : new Delivery.Observe(live), cancellationToken);
                journal.Repaired(target, drift, isSaid: repairs.Succeeded());
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the API server or a grain threw: the others go on, and the next sweep finds this one again.
            repairs.Failed(observed, failure);
            journal.NotRepaired(target, observed);
        }
    }

    /// <summary>Counts what became of the repairs. Safe for concurrent use.</summary>
    private sealed class Repairs(int maxSaid)
    {
        private int _done;
        private int _failures;
        private string? _first;

        public int Failures => Volatile.Read(ref _failures);

        /// <summary>Repairs that the log does not name.</summary>
        public int Unsaid => Math.Max(0, Volatile.Read(ref _done) - maxSaid);

        public string? Problem => Failures == 0
            ? null
            : $"{Failures} or more differences could not be repaired; the first: {Volatile.Read(ref _first)}";

        /// <returns>Whether the log may name it.</returns>
        public bool Succeeded() => Interlocked.Increment(ref _done) <= maxSaid;

        public void Failed(Difference difference, Exception failure)
        {
            Interlocked.CompareExchange(ref _first, $"{difference.Address}: {failure.Message}", null);
            Interlocked.Increment(ref _failures);
        }
    }
}
