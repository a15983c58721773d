using System.Collections.Immutable;
using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>
/// Carries the outbox of one resource to the store, off the grain's turn: one round at a time, oldest first. A failure
/// ends the round; the next offer is the retry.
/// </summary>
internal sealed class HistoryDelivery(
    IHistoryStore store, IResourceReports grain, ILogger logger, CancellationToken lifetime)
{
    private readonly Lock _gate = new();
    private ImmutableArray<OutboxEntry>? _next;
    private bool _running;

    /// <summary>What is undelivered now, oldest first; replaces an offer that no round has taken yet.</summary>
    public void Offer(ImmutableArray<OutboxEntry> pending)
    {
        lock (_gate)
        {
            _next = pending;
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
        while (Take() is { } pending)
        {
            try
            {
                await Round(pending, done);
            }
            catch (OperationCanceledException) when (lifetime.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                logger.ReportLost(failure, grain.GetPrimaryKeyString());
            }
        }
    }

    private ImmutableArray<OutboxEntry>? Take()
    {
        lock (_gate)
        {
            (var taken, _next) = (_next, null);
            _running = taken is not null && !lifetime.IsCancellationRequested;
            return _running ? taken : null;
        }
    }

    private async Task Round(ImmutableArray<OutboxEntry> pending, HashSet<string> done)
    {
        string? failure = null;
        var delivered = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in pending.Where(entry => !done.Contains(entry.Key)))
        {
            try
            {
                if (await store.Put(entry.Key, entry.Body, lifetime) is PutOutcome.Different)
                {
                    logger.KeyTaken(entry.Key);
                }

                delivered.Add(entry.Key);
                done.Add(entry.Key);
            }
            catch (DependencyException refusal)
            {
                failure = refusal.Message;
                break;
            }
        }

        if (delivered.Count > 0 || failure is not null)
        {
            await grain.Delivered(delivered.DrainToImmutable(), failure, lifetime);
        }
    }
}
