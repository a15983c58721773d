using ClusterGrains.Resources;
using ClusterGrains.Watch;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterGrains.Tests.Watch;

public sealed class DeliveryQueueTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Told _told = new();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task A_live_edit_overtakes_the_initial_list()
    {
        var queue = Queue(deliveries: 1);
        queue.OfferListed(At("a"), Observe("a"));
        queue.OfferListed(At("b"), Observe("b"));
        queue.OfferListed(At("c"), Observe("c"));
        queue.Offer(At("c"), Observe("c", generation: 2));
        queue.Offer(At("d"), Observe("d"));

        Run(queue);

        Assert.Equal(["c@2", "d@1", "a@1", "b@1"], [.. await InOrder(4)]);
    }

    [Fact]
    public async Task Resources_are_told_side_by_side_but_no_more_than_agreed()
    {
        var queue = Queue(deliveries: 2);
        var open = new TaskCompletionSource();
        var under = 0;
        var most = 0;
        _told.Meanwhile = (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref under));
            return open.Task.ContinueWith(_ => Interlocked.Decrement(ref under), TaskScheduler.Default);
        };
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            queue.Offer(At(name), Observe(name));
        }

        Run(queue);
        open.SetResult();
        await _told.Next(4);

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task What_a_grain_did_not_understand_is_not_taken_for_known()
    {
        var queue = Queue(time: new ImmediateTime());
        var fail = true;
        _told.Meanwhile = (_, _) => fail ? throw new InvalidOperationException("storage is down") : Task.CompletedTask;
        Run(queue);
        queue.Offer(At("a"), Observe("a"));
        queue.Offer(At("a"), Observe("a"));
        fail = false;

        Assert.Equal("a@1", await _told.Next());
    }

    [Fact]
    public async Task A_listed_difference_is_told_again_though_it_was_told_before()
    {
        var queue = Queue();
        Run(queue);
        queue.Offer(At("a"), Observe("a"));
        Assert.Equal("a@1", await _told.Next());

        queue.OfferListed(At("a"), Observe("a"));

        Assert.Equal("a@1", await _told.Next());
    }

    [Fact]
    public async Task A_delete_and_a_new_object_under_its_name_come_down_to_the_new_object()
    {
        var queue = Queue();
        queue.Offer(At("a"), new Delivery.Deleted("first"));
        queue.Offer(At("a"), Observe("a", uid: "second"));

        Run(queue);

        Assert.Equal("a@1", await _told.Next());
        Assert.True(_told.IsSilent);
    }

    [Fact]
    public async Task A_delete_that_overtakes_something_untold_becomes_a_question()
    {
        var queue = Queue();
        queue.Offer(At("a"), new Delivery.Deleted("first"));
        queue.Offer(At("a"), Observe("a", uid: "second"));
        queue.Offer(At("a"), new Delivery.Deleted("second"));
        queue.Offer(At("b"), Observe("b", uid: "first"));
        queue.Offer(At("b"), new Delivery.Deleted("first"));

        Run(queue);

        Assert.Equal(["a?", "b?"], await _told.Next(2));
    }

    /// <summary>Whatever happens to a resource, and whatever deliveries fail, its grain ends up knowing what is there.</summary>
    [Fact]
    public void Any_order_of_edits_deletes_and_failures_ends_with_what_is_there() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 30], Gen.Int[0, 2].Array[1, 20]).Sample(
            (steps, failures) =>
            {
                using var stop = new CancellationTokenSource();
                using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
                using var grain = new PretendGrain(failures);
                var queue = Queue(grain.Deliver, services, deliveries: 1, new ImmediateTime());
                _ = queue.Run(stop.Token);
                foreach (var step in steps)
                {
                    if (grain.Happen(step) is { } delivery)
                    {
                        queue.Offer(At("a"), delivery);
                    }
                }

                // Again and again: a retry waits for a timer, and a busy machine's timers are late.
                for (var generation = 1; generation <= 2 || (generation < 10_000 && !grain.KnowsWhatIsThere); generation++)
                {
                    grain.End(queue, Observe("end", generation));
                }

                stop.Cancel();
                return grain.KnowsWhatIsThere;
            },
            iter: 300,
            threads: 1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private DeliveryQueue Queue(int deliveries = 8, TimeProvider? time = null) =>
        Queue(_told.Deliver, _services, deliveries, time ?? TimeProvider.System);

    private static DeliveryQueue Queue(Deliver deliver, ServiceProvider services, int deliveries, TimeProvider time) => new(
        deliver,
        new WatchOptions { MaxDeliveries = deliveries },
        time,
        ActivatorUtilities.CreateInstance<WatchMetrics>(services, new WatchHealth(time)),
        NullLogger<DeliveryQueue>.Instance);

    private void Run(DeliveryQueue queue) => _running = queue.Run(_stop.Token);

    private async Task<List<string>> InOrder(int count)
    {
        var all = new List<string>();
        while (all.Count < count)
        {
            all.Add(await _told.Next());
        }

        return all;
    }

    private static Address At(string name) => new(RelayRig.Kind, new ResourceKey("search", name));

    private static Delivery.Observe Observe(string name, long generation = 1, string uid = "first") => new(new Manifest
    {
        Namespace = "search",
        Name = name,
        Uid = uid,
        Generation = generation,
        ResourceVersion = "1",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Spec = "{}",
    });

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }

    /// <summary>Fires what others wait for at once.</summary>
    private sealed class ImmediateTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    /// <summary>
    /// A resource and a grain with the least that is asked of one: it trusts a DELETED event of its own epoch only, and
    /// reads for itself when it hears of another epoch or is asked.
    /// </summary>
    private sealed class PretendGrain(int[] failures) : IDisposable
    {
        private readonly Lock _gate = new();
        private (int Epoch, long Generation)? _there;
        private (int Epoch, long Generation)? _known;
        private int _epochs;
        private readonly SemaphoreSlim _ended = new(0);
        private bool _sound;
        private int _attempts;

        public bool KnowsWhatIsThere
        {
            get
            {
                lock (_gate)
                {
                    return _known == _there;
                }
            }
        }

        /// <summary>0 deletes, 1 replaces, the others create or edit. Returns what a watch would tell.</summary>
        public Delivery? Happen(int step)
        {
            lock (_gate)
            {
                if (step == 0 && _there is { } gone)
                {
                    _there = null;
                    return new Delivery.Deleted($"{gone.Epoch}");
                }

                _there = step switch
                {
                    0 => null,
                    1 => (++_epochs, 1),
                    _ => _there is { } edited ? (edited.Epoch, edited.Generation + 1) : (++_epochs, 1),
                };
                return _there is { } now ? Observe("a", now.Generation, $"{now.Epoch}") : null;
            }
        }

        /// <summary>Fails no more, and returns when everything offered so far has been delivered.</summary>
        public void End(DeliveryQueue queue, Delivery mark)
        {
            lock (_gate)
            {
                _sound = true;
            }

            queue.OfferListed(At("end"), mark);
            _ended.Wait(TestContext.Current.CancellationToken);
        }

        public void Dispose() => _ended.Dispose();

        public Task Deliver(Address address, Delivery delivery, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (address.Key.Name == "end")
                {
                    _ended.Release();
                    return Task.CompletedTask;
                }

                if (!_sound && failures[_attempts++ % failures.Length] == 0)
                {
                    throw new TimeoutException();
                }

                Understand(delivery);
                return Task.CompletedTask;
            }
        }

        private void Understand(Delivery delivery) => _known = delivery switch
        {
            Delivery.Observe(var m) when _known is null => (int.Parse(m.Uid), m.Generation),
            Delivery.Observe(var m) when m.Uid == $"{_known.Value.Epoch}" =>
                (_known.Value.Epoch, Math.Max(m.Generation, _known.Value.Generation)),
            Delivery.Deleted(var uid) => _known is { } known && uid == $"{known.Epoch}" ? null : _known,
            _ => _there,
        };
    }
}
