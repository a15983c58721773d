using System.Threading.Channels;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>
/// Carries deliveries to the grains: the latest per resource, one at a time per resource, a bounded number at once, live
/// edits before those of a list, and each until it succeeds or a newer one replaces it.
/// </summary>
internal sealed class DeliveryQueue(Deliver deliver, WatchOptions options, TimeProvider time, WatchMetrics metrics,
    ILogger<DeliveryQueue> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, Slot> _slots = [];

    // At most two tickets per resource: one from a list, one more when a live edit overtakes it.
    private readonly Channel<Ticket> _tickets = Channel.CreateUnboundedPrioritized<Ticket>();
    private long _sequence;
    private bool _failing;

    /// <summary>Delivers until cancelled.</summary>
    public Task Run(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.MaxDeliveries).Select(_ => Work(cancellationToken)));

    /// <summary>A live event. One that tells the grain nothing new is dropped.</summary>
    public void Offer(Address address, Delivery delivery) => Offer(address, delivery, live: true);

    /// <summary>
    /// Something that differs from the index: told even if it was told before, since the grain's state does not show it.
    /// </summary>
    public void OfferListed(Address address, Delivery delivery) => Offer(address, delivery, live: false);

    /// <summary>
    /// A listed manifest that the index already shows. Offered only if the last one told was another: a restored API server
    /// may show another spec under the same generation, which the index cannot tell.
    /// </summary>
    public bool Confirm(Address address, Manifest manifest)
    {
        lock (_gate)
        {
            var slot = SlotOf(address);
            if (slot.Latest is null)
            {
                slot.Told ??= Stamp.Of(manifest);
            }

            if (TellsNothing(slot, new Delivery.Observe(manifest)))
            {
                return false;
            }
        }

        OfferListed(address, new Delivery.Observe(manifest));
        return true;
    }

    /// <summary>Everything told, or about to be told, to be there.</summary>
    public IReadOnlyList<Address> Known(WatchTarget target)
    {
        lock (_gate)
        {
            return [.. _slots.Keys.Where(a => a.Kind == target.Kind && target.Covers(a.Key.Namespace))];
        }
    }

    private void Offer(Address address, Delivery delivery, bool live)
    {
        lock (_gate)
        {
            var slot = SlotOf(address);
            if (live && TellsNothing(slot, delivery))
            {
                metrics.Skipped(address.Kind);
                return;
            }

            slot.Queued = slot.Queued is null ? delivery : Delivery.Merge(slot.Queued, delivery);
            slot.Since = time.GetTimestamp();
            var overtakes = live && !slot.Live;
            slot.Live |= live;
            if (slot.Stage is Stage.Idle or Stage.Waiting || (slot.Stage is Stage.Ready && overtakes))
            {
                Enqueue(slot);
            }
        }
    }

    private static bool TellsNothing(Slot slot, Delivery delivery)
    {
        if (delivery is not Delivery.Observe(var manifest))
        {
            return false;
        }

        var told = slot.Latest switch
        {
            Delivery.Observe latest => Stamp.Of(latest.Manifest),
            null => slot.Told,
            _ => null,
        };
        return told == Stamp.Of(manifest);
    }

    private async Task Work(CancellationToken cancellationToken)
    {
        await foreach (var ticket in _tickets.Reader.ReadAllAsync(cancellationToken))
        {
            if (Take(ticket) is not { } delivery)
            {
                continue;
            }

            var slot = ticket.Slot;
            using var span = WatchTraces.Deliver(
                slot.Address, delivery, slot.FlyingSince is { } since ? time.GetElapsedTime(since) : null, time);
            try
            {
                await deliver(slot.Address, delivery, cancellationToken);
                Succeeded(slot, delivery);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever a grain threw, its storage included: it has not understood, so it is told again.
                span.Failed(failure);
                Failed(slot, delivery, failure, cancellationToken);
            }
        }
    }

    private Delivery? Take(Ticket ticket)
    {
        lock (_gate)
        {
            var slot = ticket.Slot;
            if (slot.Stage is not Stage.Ready || slot.Ticket != ticket.Sequence)
            {
                return null;
            }

            slot.Stage = Stage.Flying;
            slot.Flying = slot.Queued;
            slot.FlyingSince = slot.Live ? slot.Since : null;
            slot.Queued = null;
            slot.Live = false;
            return slot.Flying;
        }
    }

    private void Succeeded(Slot slot, Delivery delivery)
    {
        lock (_gate)
        {
            metrics.Delivered(slot.Address.Kind, delivery, slot.FlyingSince is { } since ? time.GetElapsedTime(since) : null);
            _failing = false;
            slot.Flying = null;
            slot.Failures.Reset();
            slot.Told = delivery is Delivery.Observe(var manifest) ? Stamp.Of(manifest) : null;
            slot.Stage = Stage.Idle;
            if (slot.Queued is not null)
            {
                Enqueue(slot);
            }
            else if (slot.Told is null)
            {
                _slots.Remove(slot.Address);
            }
        }
    }

    private void Failed(Slot slot, Delivery delivery, Exception failure, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            metrics.DeliveryFailed(slot.Address.Kind, delivery);
            if (!_failing)
            {
                _failing = true;
                logger.DeliveryFailed(failure, slot.Address);
            }

            slot.Flying = null;
            slot.Told = null;
            if (slot.Queued is not null)
            {
                slot.Queued = Delivery.Merge(delivery, slot.Queued);
                Enqueue(slot);
                return;
            }

            slot.Queued = delivery;
            slot.Live = slot.FlyingSince is not null;
            slot.Stage = Stage.Waiting;
            slot.Ticket = ++_sequence;
            _ = Retry(slot, slot.Ticket, slot.Failures.Next(), cancellationToken);
        }
    }

    private async Task Retry(Slot slot, long ticket, TimeSpan wait, CancellationToken cancellationToken)
    {
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (slot.Stage is Stage.Waiting && slot.Ticket == ticket)
            {
                Enqueue(slot);
            }
        }
    }

    private void Enqueue(Slot slot)
    {
        slot.Stage = Stage.Ready;
        slot.Ticket = ++_sequence;
        _tickets.Writer.TryWrite(new Ticket(slot.Live ? 0 : 1, slot.Ticket, slot));
    }

    private Slot SlotOf(Address address)
    {
        if (!_slots.TryGetValue(address, out var slot))
        {
            _slots.Add(address, slot = new Slot(address));
        }

        return slot;
    }

    private enum Stage
    {
        Idle,
        Ready,
        Flying,
        Waiting,
    }

    /// <summary>A place in the queue. Only the newest of a slot counts.</summary>
    private readonly record struct Ticket(int Lane, long Sequence, Slot Slot) : IComparable<Ticket>
    {
        public int CompareTo(Ticket other) => (Lane, Sequence).CompareTo((other.Lane, other.Sequence));
    }

    /// <summary>One resource. <see cref="Told"/> is the last manifest its grain has understood.</summary>
    private sealed class Slot(Address address)
    {
        public Address Address { get; } = address;
        public Backoff Failures { get; } = new();
        public Stage Stage { get; set; }
        public long Ticket { get; set; }
        public Delivery? Queued { get; set; }
        public bool Live { get; set; }
        public long Since { get; set; }
        public Delivery? Flying { get; set; }
        public long? FlyingSince { get; set; }
        public Stamp? Told { get; set; }
        public Delivery? Latest => Queued ?? Flying;
    }
}
