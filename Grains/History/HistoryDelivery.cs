using System.Collections.Immutable;
using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>
/// Carries the outbox of one resource to the store, off the grain's turn: one round at a time, oldest first. A failure
/// ends the round; the next offer is the retry, or a few seconds if none comes, so that all is there well within one
/// interval of the store's return, whenever the tick was.
/// </summary>
internal sealed class HistoryDelivery(
    IHistoryStore store, IResourceReports grain, TimeProvider time, ILogger logger, CancellationToken lifetime)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>PUTs of one round that have spans of their own.</summary>
    private const int ShownPuts = 8;

    private readonly Lock _gate = new();
    private TaskCompletionSource _offered = new();
    private Offering? _next;
    private bool _running;

    /// <summary>What is undelivered now, oldest first; replaces an offer that no round has taken yet.</summary>
    public void Offer(ImmutableArray<OutboxEntry> pending)
    {
        lock (_gate)
        {
            _next = new Offering(pending, TraceOrigin.Here(time));
            _offered.TrySetResult();
            if (_running)
            {
                return;
            }

            _running = true;
        }

        _ = Task.Run(Rounds, CancellationToken.None);
    }

    private async Task Rounds()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var failures = 0;
        var span = HistoryTraces.Delivery();
        while (Take() is { } offering)
        {
            ImmutableArray<OutboxEntry> pending = [.. offering.Entries.Where(entry => !done.Contains(entry.Key))];
            if (pending.IsEmpty)
            {
                failures = 0;
                continue;
            }

            try
            {
                span.Try(offering.Origin);
                failures = await Round(pending, done, isRetry: failures > 0) ? 0 : failures + 1;
                if (failures == 0)
                {
                    span.End("Stored");
                }
                else if (await Offered(failures))
                {
                    failures = 0;
                }
                else
                {
                    Return(offering);
                }
            }
            catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                span.Failed(failure);
                logger.ReportLost(failure, grain.GetPrimaryKeyString());
            }
        }

        span.End("Left");
    }

    /// <summary>False when nothing was offered until it is time to try again.</summary>
    private async Task<bool> Offered(int failures)
    {
        var pause = First * Math.Pow(2, Math.Min(failures - 1, 10));
        try
        {
            await _offered.Task.WaitAsync(pause < Longest ? pause : Longest, time, lifetime);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Offering? Take()
    {
        lock (_gate)
        {
            (var taken, _next) = (_next, null);
            _offered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running = taken is not null && !lifetime.IsCancellationRequested;
            return _running ? taken : null;
        }
    }

    private void Return(Offering offering)
    {
        lock (_gate)
        {
            _next ??= offering;
        }
    }

    /// <returns>False when the store did not take everything. The grain hears of that once, not of every retry.</returns>
    private async Task<bool> Round(ImmutableArray<OutboxEntry> pending, HashSet<string> done, bool isRetry)
    {
        string? failure = null;
        var delivered = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in pending)
        {
            using var put = delivered.Count < ShownPuts ? HistoryTraces.Put(entry.Key) : null;
            try
            {
                var outcome = await store.Put(entry.Key, entry.Body, lifetime);
                put.Stored(outcome);
                if (outcome is PutOutcome.Different)
                {
                    logger.KeyTaken(entry.Key);
                }

                delivered.Add(entry.Key);
                done.Add(entry.Key);
            }
            catch (DependencyException refusal)
            {
                put.Failed(refusal);
                failure = refusal.Message;
                break;
            }
        }

        if (delivered.Count > 0 || (failure is not null && !isRetry))
        {
            await grain.Delivered(delivered.DrainToImmutable(), failure, lifetime);
        }

        return failure is null;
    }

    /// <summary>What is undelivered, and the turn that said so.</summary>
    private sealed record Offering(ImmutableArray<OutboxEntry> Entries, TraceOrigin Origin);
}
